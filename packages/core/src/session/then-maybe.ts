/**
 * Continues with a value, or with the value of a promise. Without a promise it continues
 * synchronously, so a request whose keys are cached is decided before anything else runs.
 */
export function thenMaybe<T, U>(
  value: T | Promise<T>,
  proceed: (value: T) => U | Promise<U>,
): U | Promise<U> {
  return value instanceof Promise ? value.then(proceed) : proceed(value)
}
