import { type AnyLinkpassError, RequestError, type ServiceError } from './errors.ts'

/**
 * The result of every call to the service; such calls never reject.
 *
 * `code` is the HTTP status, or 0 when there is no usable response (and then `error` is no
 * {@link ServiceError}). Testing `ok` narrows the other fields.
 */
export type Result<T, E extends AnyLinkpassError = CallError> =
  | { readonly ok: true; readonly code: number; readonly data: T; readonly error?: undefined }
  | {
      readonly ok: false
      readonly code: number
      readonly error: E
      readonly data?: undefined
    }

/** Why a call failed: an error response, or no usable response. */
export type CallError = ServiceError | RequestError

/** The result of a call without a usable response. */
export function failed<E extends AnyLinkpassError>(error: E): Result<never, E> {
  return { ok: false, code: 0, error }
}

export async function notSent(error: RequestError): Promise<Result<never>> {
  return failed(error)
}

/** @param expected continues "`argument` must be …" */
export function invalidArgument(argument: string, expected: string): RequestError {
  return new RequestError('ERR_ARGUMENT', `${argument} must be ${expected}.`, { argument })
}

export function clientClosed(): RequestError {
  return new RequestError(
    'ERR_CLOSED',
    'The client is closed. Create it once, and close it when nothing needs it any more.',
  )
}

/** The error of a call whose code could not be loaded, as while the files of an app are replaced. */
export function notLoaded(cause: unknown): RequestError {
  const [reason] = String(cause).split('\n', 1)
  const message = `The code that makes requests could not be loaded (${reason}). Check that the package, or the bundle of the app, is whole.`
  return new RequestError('ERR_NETWORK', message, { cause })
}

/**
 * The data of a successful call; otherwise throws the error of the result.
 *
 * @throws {ServiceError} the service sent an error response
 * @throws {RequestError} no usable response, or an invalid argument
 * @throws {TokenError} the access key's session token is not acceptable
 * @throws {KeySetError} the keys are unavailable, so that it could not be verified
 * @throws {TypeError} what was given is no result, such as the promise of one
 */
export function unwrap<T>(result: Result<T, AnyLinkpassError>): T {
  if (typeof result?.ok !== 'boolean') {
    throw new TypeError('unwrap needs a result: unwrap(await client.magicLink.verify(token)).')
  }
  if (result.ok) return result.data
  throw result.error
}
