import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { looksLikeJwt, parseBearer } from '../api/bearer.ts'
import type { Call } from '../api/call.ts'
import type { Endpoint } from '../api/endpoint.ts'
import { ServiceError } from '../api/service-error.ts'
import type { Fault, RequestFaultSpec } from '../world/faults/fault.ts'
import type { World } from '../world/world.ts'
import { isProjectId } from '../world/worlds.ts'
import { authorize } from './authorize.ts'
import type { ServerContext, ServerEnv } from './context.ts'
import { type Outcome, describeFault, faultOutcome, errorOutcome } from './outcome.ts'
import { readJsonBody } from './read-body.ts'

/**
 * Handles one request to the service: faults first, then authorization, then the endpoint. Every
 * response, also an error, is a JSON document, because the official SDKs throw on anything else.
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

  c.header('Date', new Date(world.clock.now()).toUTCString())
  const outcome = await respond(context, endpoint, world, fault, c)
  const dropped = fault !== undefined && fault.drop !== undefined
  const request = world.requestLog.add({
    at: world.clock.now(),
    method: c.req.method,
    path: c.req.path,
    // 0: the caller received no status.
    status: dropped ? 0 : outcome.response.status,
    durationMs: Math.round(performance.now() - startedAt),
    ...sdkOf(c),
    ...outcome.details,
    ...(fault && { fault: describeFault(fault) }),
  })
  world.events.publish({ type: 'request', request })
  if (!dropped) return outcome.response
  c.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

async function respond(
  context: ServerContext,
  endpoint: Omit<Endpoint, 'method'>,
  world: World,
  fault: Fault<RequestFaultSpec> | undefined,
  c: Context<ServerEnv>,
): Promise<Outcome> {
  if (fault?.drop === 'before') return { response: c.body(null), details: {} }
  if (fault?.status !== undefined) return faultOutcome(fault, fault.status, c)
  try {
    const call = await readCall(world, c)
    authorize(endpoint, call.bearer, c.req.header('authorization'), context.managementKey)
    const { body, cookies = [] } = await endpoint.handle(call)
    for (const cookie of cookies) {
      c.header('Set-Cookie', context.tls ? `${cookie}; Secure` : cookie, { append: true })
    }
    return { response: c.json(body), details: {} }
  } catch (error) {
    if (error instanceof ServiceError) return errorOutcome(error, c)
    throw error
  }
}

async function readCall(world: World, c: Context<ServerEnv>): Promise<Call> {
  const bearer = parseBearer(c.req.header('authorization'))
  const credential = bearer?.credential
  const cookieName = c.req.header('x-descope-refresh-cookie-name') ?? 'DSR'
  return {
    method: c.req.method,
    path: c.req.path,
    world,
    bearer,
    refreshJwt:
      credential !== undefined && looksLikeJwt(credential) ? credential : getCookie(c, cookieName),
    params: c.req.param(),
    query: c.req.query(),
    body: await readJsonBody(c),
    ip: c.env.incoming.socket.remoteAddress ?? '',
  }
}

/** The world of the project id in a request; the default one if it has none. */
function worldOf(context: ServerContext, c: Context<ServerEnv>): World {
  const projectId =
    c.req.param('projectId') ?? parseBearer(c.req.header('authorization'))?.projectId
  if (projectId === undefined || !isProjectId(projectId)) return context.worlds.default
  return context.worlds.of(projectId)
}

function sdkOf(c: Context<ServerEnv>): { sdk?: string } {
  const name = c.req.header('x-descope-sdk-name')
  if (name === undefined) return {}
  const version = c.req.header('x-descope-sdk-version')
  return { sdk: version === undefined ? name : `${name} ${version}` }
}
