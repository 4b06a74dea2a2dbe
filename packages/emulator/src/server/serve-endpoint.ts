import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { looksLikeJwt, parseBearer } from '../api/bearer.ts'
import type { Call } from '../api/call.ts'
import type { Endpoint } from '../api/endpoints.ts'
import { Refusal, errorBody } from '../api/refusal.ts'
import type { RequestEntry } from '../world/events.ts'
import type { Fault, RequestFaultSpec } from '../world/faults.ts'
import type { World } from '../world/world.ts'
import { isProjectId } from '../world/worlds.ts'
import { authorize } from './authorize.ts'
import type { ServerContext, ServerEnv } from './context.ts'
import { readBody } from './read-body.ts'

/**
 * Answers one request to the service: faults first, then who may call, then the endpoint. Every
 * answer, a refusal too, is a JSON document, because the official SDKs throw on anything else.
 */
export async function serveEndpoint(
  context: ServerContext,
  endpoint: Omit<Endpoint, 'method'>,
  c: Context<ServerEnv>,
): Promise<Response> {
  const startedAt = performance.now()
  const world = worldOf(context, c)
  const fault = world.faults.takeForRequest(c.req.method, c.req.path)
  if (fault?.delayMs !== undefined) await world.clock.sleep(fault.delayMs, world.closing)

  const outcome = await answerOrFault(context, endpoint, world, fault, c)
  const dropped = fault !== undefined && fault.drop !== undefined
  const request = world.journal.add({
    at: world.clock.now(),
    method: c.req.method,
    path: c.req.path,
    // 0: the caller never saw a status.
    status: dropped ? 0 : outcome.response.status,
    durationMs: Math.round(performance.now() - startedAt),
    ...sdkOf(c),
    ...outcome.why,
    ...(fault && { fault: describeFault(fault) }),
  })
  world.events.publish({ type: 'request', request })
  if (!dropped) return outcome.response
  c.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

interface Outcome {
  response: Response
  why: Pick<RequestEntry, 'errorCode' | 'hint'>
}

async function answerOrFault(
  context: ServerContext,
  endpoint: Omit<Endpoint, 'method'>,
  world: World,
  fault: Fault<RequestFaultSpec> | undefined,
  c: Context<ServerEnv>,
): Promise<Outcome> {
  if (fault?.drop === 'before') return { response: c.body(null), why: {} }
  if (fault?.status !== undefined) return faultAnswer(fault, fault.status, c)
  try {
    const call = await readCall(world, c)
    authorize(endpoint, call.bearer, context.managementKey)
    const { body, cookies = [] } = await endpoint.handle(call)
    for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
    return { response: c.json(body), why: {} }
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error, c)
    throw error
  }
}

/** A refusal in the service's dialect, with the reason for the developer in a header. */
function refusalAnswer(refusal: Refusal, c: Context<ServerEnv>): Outcome {
  const { status, errorCode, errorDescription, message, hint } = refusal
  c.header('x-emulator-hint', headerText(hint))
  return {
    response: Response.json(errorBody(errorCode, errorDescription, message), {
      status,
      headers: c.res.headers,
    }),
    why: { errorCode, hint },
  }
}

/** What a header may hold: a hint can quote a field name that was sent. */
export function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?')
}

function faultAnswer(
  fault: Fault<RequestFaultSpec>,
  status: number,
  c: Context<ServerEnv>,
): Outcome {
  const errorCode = fault.errorCode ?? (status === 429 ? 'E130429' : 'E011001')
  const description =
    fault.errorDescription ?? (status === 429 ? 'API rate limit exceeded' : 'Fault')
  const hint = `A fault (${fault.id}) answered this request.`
  c.header('x-emulator-hint', hint)
  const retryAfter = fault.retryAfterSeconds ?? (status === 429 ? 1 : undefined)
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  return {
    response: Response.json(errorBody(errorCode, description, description), {
      status,
      headers: c.res.headers,
    }),
    why: { errorCode, hint },
  }
}

async function readCall(world: World, c: Context<ServerEnv>): Promise<Call> {
  const bearer = parseBearer(c.req.header('authorization'))
  const presented = bearer?.credential
  const cookieName = c.req.header('x-descope-refresh-cookie-name') ?? 'DSR'
  return {
    method: c.req.method,
    path: c.req.path,
    world,
    bearer,
    refreshJwt:
      presented !== undefined && looksLikeJwt(presented) ? presented : getCookie(c, cookieName),
    params: c.req.param(),
    query: new URL(c.req.url).searchParams,
    body: await readBody(c),
    ip: c.env.incoming.socket.remoteAddress ?? '',
  }
}

/** The world a request is about; the default one when it names none. */
function worldOf(context: ServerContext, c: Context<ServerEnv>): World {
  const named = c.req.param('projectId') ?? parseBearer(c.req.header('authorization'))?.projectId
  if (named === undefined || !isProjectId(named)) return context.worlds.default
  return context.worlds.of(named)
}

function sdkOf(c: Context<ServerEnv>): { sdk?: string } {
  const name = c.req.header('x-descope-sdk-name')
  if (name === undefined) return {}
  const version = c.req.header('x-descope-sdk-version')
  return { sdk: version === undefined ? name : `${name} ${version}` }
}

function describeFault({ status, drop, delayMs }: Fault<RequestFaultSpec>): string {
  const parts = [
    delayMs !== undefined && `delayed by ${delayMs} ms`,
    drop !== undefined && `connection cut ${drop} processing`,
    drop === undefined && status !== undefined && `answered ${status}`,
  ]
  return parts.filter((part) => part !== false).join(', ')
}
