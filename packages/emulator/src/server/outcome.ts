import type { Context } from 'hono'
import { type Refusal, errorBody } from '../api/service-error.ts'
import type { RequestEntry } from '../world/events.ts'
import type { Fault, RequestFaultSpec } from '../world/faults/fault-registry.ts'
import type { ServerEnv } from './context.ts'

/** An answer, and what the journal says of it beyond its status. */
export interface Outcome {
  readonly response: Response
  readonly why: Pick<RequestEntry, 'errorCode' | 'hint'>
}

/** A refusal in the service's dialect, with the reason for the developer in a header. */
export function refusalOutcome(refusal: Refusal, c: Context<ServerEnv>): Outcome {
  const { status, errorCode, errorDescription, message, hint } = refusal
  return refuse(c, status, errorBody(errorCode, errorDescription, message), hint)
}

/** What a fault answers instead of the service, in the same dialect. */
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
  const hint = `A fault (${fault.id}) answered this request.`
  return refuse(c, status, errorBody(errorCode, description, description), hint)
}

/** What a fault did, in a few words for the journal. */
export function describeFault({ status, drop, delayMs }: Fault<RequestFaultSpec>): string {
  const parts = [
    delayMs !== undefined && `delayed by ${delayMs} ms`,
    drop !== undefined && `connection cut ${drop} processing`,
    status !== undefined && `answered ${status}`,
  ]
  return parts.filter((part) => part !== false).join(', ')
}

/** What a header may hold: a hint can quote a field name that was sent. */
export function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?')
}

function refuse(
  c: Context<ServerEnv>,
  status: number,
  body: ReturnType<typeof errorBody>,
  hint: string,
): Outcome {
  c.header('x-emulator-hint', headerText(hint))
  // Not c.json: a fault may have any status, and Hono's type knows only the registered ones.
  const response = Response.json(body, { status, headers: c.res.headers })
  return { response, why: { errorCode: body.errorCode, hint } }
}
