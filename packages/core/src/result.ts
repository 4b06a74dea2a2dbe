import type { RequestError, ServiceError } from './errors.ts'

/**
 * What every call to the service resolves to; such calls never reject.
 *
 * `code` is the HTTP status, or 0 when no usable answer came (and then `error` is a
 * {@link RequestError}). Testing `ok` narrows the rest.
 */
export type Result<T> =
  | { readonly ok: true; readonly code: number; readonly data: T; readonly error?: undefined }
  | {
      readonly ok: false
      readonly code: number
      readonly error: CallError
      readonly data?: undefined
    }

/** Why a call failed: the service refused, or no usable answer came. */
export type CallError = ServiceError | RequestError

/** The result of a call that was not made, because an argument could not be right. */
export function notSent(error: RequestError): Promise<Result<never>> {
  return Promise.resolve({ ok: false, code: 0, error })
}

/**
 * The data of a successful call; otherwise throws the error of the result.
 *
 * @throws {ServiceError} the service refused
 * @throws {RequestError} no usable answer came, or an argument could not be right
 */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.data
  throw result.error
}
