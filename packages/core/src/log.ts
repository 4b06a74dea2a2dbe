/** The methods of a logger; `console` has them. */
export interface Logger {
  debug(message: string): void
  warn(message: string): void
}

/** Passes a line to the app's logger, if there is one. An error in it decides nothing. */
export function log(logger: Logger | undefined, level: keyof Logger, line: string): void {
  try {
    logger?.[level](`linkpass: ${line}`)
  } catch {
    // A broken logger must not decide whether a user can sign in.
  }
}
