import type { Context } from 'hono'
import { type ServiceError, errorBody } from '../api/service-error.ts'
import type { RequestEntry } from '../world/events.ts'
import type { Fault, RequestFaultSpec } from '../world/faults/fault.ts'
import type { ServerEnv } from './context.ts'

/** A response, and the error details for the request log. */
export interface Outcome {
  readonly response: Response
  readonly details: Pick<RequestEntry, 'errorCode' | 'hint'>
}

/** An error response in the format of the service, with the hint for the developer in a header. */
export function errorOutcome(error: ServiceError, c: Context<ServerEnv>): Outcome {
  const { status, errorCode, errorDescription, message, hint } = error
  return respondWithError(c, status, errorBody(errorCode, errorDescription, message), hint)
}

/** The error response of a fault, in the same format. */
export function faultOutcome(
  fault: Fault<RequestFaultSpec>,
  status: number,
  c: Context<ServerEnv>,
): Outcome {
  const isLimit = status === 429
  const errorCode = fault.errorCode ?? (isLimit ? 'E130429' : 'E011001')
  const description = fault.errorDescription ?? (isLimit ? 'API rate limit exceeded' : 'Fault')
  const retryAfter = fault.retryAfterSeconds ?? (isLimit ? 1 : undefined)
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  const hint = `This is the response of the fault ${fault.id}.`
  return respondWithError(c, status, errorBody(errorCode, description, description), hint)
}

/** The effect of a fault, for the request log. */
export function describeFault({ status, drop, delayMs }: Fault<RequestFaultSpec>): string {
  const parts = [
    delayMs !== undefined && `delayed by ${delayMs} ms`,
    drop !== undefined && `connection closed ${drop} processing`,
    status !== undefined && `responded with ${status}`,
  ]
  return parts.filter((part) => part !== false).join(', ')
}

/** The text without characters that a header must not contain: a hint can quote a field name. */
export function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?')
}

function respondWithError(
  c: Context<ServerEnv>,
  status: number,
  body: ReturnType<typeof errorBody>,
  hint: string,
): Outcome {
  c.header('x-emulator-hint', headerText(hint))
  // Not c.json: a fault can have any status, and Hono's type allows only registered ones.
  const response = Response.json(body, { status, headers: c.res.headers })
  return { response, details: { errorCode: body.errorCode, hint } }
}
