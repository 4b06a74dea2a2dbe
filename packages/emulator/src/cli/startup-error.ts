/** The emulator could not start, for a reason that the user can fix. */
export class StartupError extends Error {
  override readonly name = 'StartupError'
}
