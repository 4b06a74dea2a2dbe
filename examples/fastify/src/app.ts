import { Readable } from 'node:stream'
import type { DescopeClient, Session } from '@linkpass/core'
import { createAuth } from '@linkpass/fetch'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type preHandlerAsyncHookHandler,
} from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null
  }
}

export function createApp(
  client: DescopeClient,
  appUrl: string,
  cookieSecret: string,
): FastifyInstance {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const guard = auth.requireSession()
  const app = Fastify()

  app.register(async (routes) => {
    // The handler reads forms and JSON itself, with limits of its own.
    routes.removeAllContentTypeParsers()
    routes.addContentTypeParser('*', (_request, body, done) => done(null, body))
    routes.all('/auth/*', async (request, reply) => {
      const response = await auth.handler(toRequest(request, reply), { ip: request.ip })
      return response ?? reply.callNotFound()
    })
  })

  app.decorateRequest('session', null)
  const signedIn: preHandlerAsyncHookHandler = async (request, reply) => {
    const passed = await guard(toRequest(request, reply))
    if (passed instanceof Response) return reply.send(passed)
    request.session = passed.session
    // The cookies of a refreshed session, and Cache-Control.
    for (const [name, value] of passed.apply(new Response()).headers) reply.header(name, value)
    return undefined
  }

  app.get('/me', { preHandler: signedIn }, (request) => ({ userId: request.session?.userId }))
  return app
}

function toRequest({ body, method, raw, url }: FastifyRequest, reply: FastifyReply): Request {
  const headers = new Headers()
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    headers.append(raw.rawHeaders[at] ?? '', raw.rawHeaders[at + 1] ?? '')
  }
  const closed = new AbortController()
  reply.raw.once('close', () => closed.abort())
  return new Request(new URL(url, 'http://localhost'), {
    ...{ method, headers, signal: closed.signal },
    ...(body instanceof Readable && { body: Readable.toWeb(body), duplex: 'half' }),
  })
}
