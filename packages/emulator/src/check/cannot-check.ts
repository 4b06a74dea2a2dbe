/** The app cannot be checked, for a reason that the user can fix. The message holds no secret. */
export class CannotCheckError extends Error {
  override readonly name = 'CannotCheckError'
}
