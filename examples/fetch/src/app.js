import { clientOptionsFromEnv, createDescopeClient } from '@linkpass/core'
import { createAuth } from '@linkpass/fetch'

export const port = Number(process.env.PORT ?? 3000)

const client = createDescopeClient(clientOptionsFromEnv())
const auth = createAuth(client, { appUrl: `http://localhost:${port}` })
const guard = auth.requireSession()

/** Responds to any request; `ip` is the address of the client. */
export async function respond(request, ip) {
  const response = await auth.handler(request, { ip })
  return response ?? ownRoutes(request)
}

async function ownRoutes(request) {
  const { pathname } = new URL(request.url)
  if (pathname !== '/me') return new Response('Not found', { status: 404 })
  const signedIn = await guard(request)
  if (signedIn instanceof Response) return signedIn
  return signedIn.apply(Response.json({ userId: signedIn.session.userId }))
}
