/**
 * Continues with a value that may not be there yet, without giving up the turn when it is: a
 * request whose keys are at hand is decided before anything else runs.
 */
export function thenMaybe<T, U>(
  value: T | Promise<T>,
  proceed: (value: T) => U | Promise<U>,
): U | Promise<U> {
  return value instanceof Promise ? value.then(proceed) : proceed(value)
}
