import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type DescopeClient, KeySetError, TokenError } from '@linkpass/core'

type Answer = [status: number, body: object]

/** An API that signs people in by magic link and then knows them by their session token. */
export function createApi(client: DescopeClient, linkPage: string): Server {
  return createServer((request, response) => void respond(request, response))

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body] = await answer(request).catch(responseTo)
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    switch (`${request.method} ${request.url}`) {
      case 'POST /sign-in': {
        const email = await field(request, 'email')
        const sent = await client.magicLink.signUpOrIn.email(email, linkPage)
        return sent.ok ? [202, sent.data] : [sent.code || 503, { error: sent.error.errorCode }]
      }
      case 'POST /verify': {
        // The page that the link leads to posts its parameter t once somebody pressed a button:
        // a mail scanner that opens the link must not spend it.
        const verified = await client.magicLink.verify(await field(request, 'token'))
        if (!verified.ok) return [verified.code || 503, { error: verified.error.errorCode }]
        const { session, tokens } = await client.validateSignIn(verified.data)
        // Named one by one: an object that holds tokens hides them when it is printed.
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

function responseTo(error: unknown): Answer {
  if (error instanceof TokenError) return [401, { error: error.code }]
  // The keys are out of reach: that says nothing about the token, so nobody is signed out.
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
