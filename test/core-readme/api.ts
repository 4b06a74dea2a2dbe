import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type DescopeClient, KeySetError, TokenError } from '@linkpass/core'

type Reply = [status: number, body: object]

/** An API that signs users in by magic link and identifies them by their session token. */
export function createApi(client: DescopeClient, linkPage: string): Server {
  return createServer((request, response) => void respond(request, response))

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body] = await reply(request).catch(errorReply)
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  }

  async function reply(request: IncomingMessage): Promise<Reply> {
    switch (`${request.method} ${request.url}`) {
      case 'POST /sign-in': {
        const email = await field(request, 'email')
        const sent = await client.magicLink.signUpOrIn.email(email, linkPage)
        return sent.ok ? [202, sent.data] : [sent.code || 503, { error: sent.error.errorCode }]
      }
      case 'POST /verify': {
        // The page that the link opens posts its parameter t when the user presses a button: a mail
        // scanner that opens the link must not redeem it.
        const verified = await client.magicLink.verify(await field(request, 'token'))
        if (!verified.ok) return [verified.code || 503, { error: verified.error.errorCode }]
        const { session, tokens } = await client.validateSignIn(verified.data)
        // Listed one by one, because an object that contains tokens redacts them in JSON.
        const { sessionJwt, refreshJwt } = tokens
        return [200, { userId: session.userId, sessionJwt, refreshJwt }]
      }
      case 'GET /me': {
        const bearer = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
        const { token } = await client.validateSession(bearer)
        return [200, { userId: token.sub, expiresAt: token.exp }]
      }
      default:
        return [404, {}]
    }
  }
}

function errorReply(error: unknown): Reply {
  if (error instanceof TokenError) return [401, { error: error.code }]
  // The keys are unavailable. That says nothing about the token, so the user stays signed in.
  if (error instanceof KeySetError) return [503, { error: error.code }]
  return [error instanceof RangeError ? 413 : 500, {}]
}

async function field(request: IncomingMessage, name: string): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) {
    body += String(chunk)
    if (body.length > 10_000) throw new RangeError('The body is too long.')
  }
  return new URLSearchParams(body).get(name) ?? ''
}
