import { type Failure, type FailureCode, responseTo } from '@linkpass/web'

/**
 * A guard's refusal, for an app that answers by itself. Express reads `status` and `headers`; there
 * is no stack, since nothing went wrong in the code.
 */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly code: FailureCode
  readonly status: number
  /** The same; Express reads either. */
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  /** The rich reason, for logs: answers should say no more than `code`. */
  readonly failure: Failure

  constructor(failure: Failure) {
    const { code, status, headers } = responseTo(failure)
    super(`The request was refused: ${code}.`)
    this.code = code
    this.status = status
    this.statusCode = status
    this.headers = headers
    this.failure = failure
    delete this.stack
  }
}
