import { getConnInfo } from '@hono/node-server/conninfo'
import type { DescopeClient, Session } from '@linkpass/core'
import { type SessionGuard, createAuth } from '@linkpass/fetch'
import { Hono, type MiddlewareHandler } from 'hono'

export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string) {
  const auth = createAuth(client, { appUrl, cookieSecret })
  return new Hono()
    .use((c, next) => auth.handler(c.req.raw, { ip: getConnInfo(c).remote.address }) ?? next())
    .get('/me', signedIn(auth.requireSession()), (c) => c.json({ userId: c.var.session.userId }))
    .get('/admin', signedIn(auth.requireSession({ roles: ['admin'] })), (c) => c.text('Hello'))
}

/** Middleware for routes of signed-in users, who are in `c.var.session`. */
function signedIn(guard: SessionGuard): MiddlewareHandler<{ Variables: { session: Session } }> {
  return async (c, next) => {
    const passed = await guard(c.req.raw)
    if (passed instanceof Response) return passed
    c.set('session', passed.session)
    await next()
    const response = passed.apply(c.res)
    // First undefined, since Hono would merge the headers of one response into the next.
    c.res = undefined
    c.res = response
    return undefined
  }
}
