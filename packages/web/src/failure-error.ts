import { shareErrors } from '@linkpass/core/internal'
import { type Failure, type FailureCode, responseTo } from './failure.ts'

/**
 * The failure of a guarded request, for an app that responds by itself. Express reads `status` and
 * `headers`. It has no stack, since no code is at fault.
 */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly code: FailureCode
  readonly status: number
  /** The same as `status`; Express reads either. */
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole reason, for logs. A response should hold no more than `code`. */
  readonly failure: Failure

  constructor(failure: Failure) {
    const { code, status, headers } = responseTo(failure)
    super(`The request was not let through: ${code}.`)
    this.code = code
    this.status = status
    this.statusCode = status
    this.headers = headers
    this.failure = failure
    delete this.stack
  }

  /** A response with the code as JSON. Hono sends it for an error that a handler throws. */
  getResponse(): Response {
    const { code, headers, status } = this
    return Response.json({ error: code }, { status, headers })
  }
}

shareErrors({ FailureError })
