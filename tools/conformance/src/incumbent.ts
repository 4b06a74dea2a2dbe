/**
 * `npm run incumbent`: does the same with the official SDK for Node and with this client, and prints what
 * came of it. `npm run incumbent -- posts` does one of them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import nodeSdk from '@descope/node-sdk'
import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { listenOnFreePort } from '@linkpass/testing'

interface Fact {
  readonly title: string
  readonly there: () => Promise<string>
  readonly here: () => Promise<string>
}

const projectId = 'P2LocalLinkpassEmulator00000'
const email = 'ada@example.com'
const page = 'http://localhost:3000/verify'

const facts: Readonly<Record<string, Fact>> = {
  kinds: {
    title: 'A refresh token, which lives for weeks, where a session token is expected',
    there: () =>
      withTokens(async (baseUrl, { refreshJwt }) =>
        outcomeOf(nodeSdk({ projectId, baseUrl }).validateSession(refreshJwt)),
      ),
    here: () =>
      withTokens(async (baseUrl, { refreshJwt }) =>
        outcomeOf(createDescopeClient({ projectId, baseUrl }).validateSession(refreshJwt)),
      ),
  },
  posts: {
    title: 'A link is requested, and a gateway responds with 503',
    there: () =>
      withServer(gateway, async (baseUrl, bodies) => {
        const { signUpOrIn } = nodeSdk({ projectId, baseUrl }).magicLink
        await signUpOrIn.email(email, page).catch(() => undefined)
        return `sent ${bodies.length === 1 ? 'once' : `${bodies.length} times`}`
      }),
    here: () =>
      withServer(gateway, async (baseUrl, bodies) => {
        await createDescopeClient({ projectId, baseUrl }).magicLink.signUpOrIn.email(email, page)
        return `sent ${bodies.length === 1 ? 'once' : `${bodies.length} times`}`
      }),
  },
  html: {
    title: 'A call, and a proxy responds with a page',
    there: () =>
      withServer(proxyPage, (baseUrl) =>
        outcomeOf(nodeSdk({ projectId, baseUrl }).magicLink.verify('token')),
      ),
    here: () =>
      withServer(proxyPage, (baseUrl) =>
        outcomeOf(createDescopeClient({ projectId, baseUrl }).magicLink.verify('token')),
      ),
  },
  addresses: {
    title: 'A change of address, with the arguments in the order that the documents give',
    there: () =>
      withServer(empty, async (baseUrl, bodies) => {
        const { update } = nodeSdk({ projectId, baseUrl }).magicLink
        await update.email('ada', 'new@example.com', 'the.refresh.token')
        return `mails a link to ${linkIn(bodies)}`
      }),
    here: () =>
      withServer(empty, async (baseUrl, bodies) => {
        const { update } = createDescopeClient({ projectId, baseUrl }).magicLink
        await update.email('ada', 'new@example.com', 'the.refresh.token')
        return `mails a link to ${linkIn(bodies)}`
      }),
  },
  logs: {
    title: 'A logger',
    there: () =>
      withTokens(async (baseUrl, { refreshJwt }) => {
        const lines: unknown[] = []
        const log = (...parts: unknown[]): unknown => lines.push(...parts)
        const logger = { log, debug: log, warn: log, error: log }
        await nodeSdk({ projectId, baseUrl, logger }).refresh(refreshJwt)
        return secretIn(lines, refreshJwt)
      }),
    here: () =>
      withTokens(async (baseUrl, { refreshJwt }) => {
        const lines: unknown[] = []
        const log = (...parts: unknown[]): unknown => lines.push(...parts)
        const logger = { debug: log, warn: log }
        await createDescopeClient({ projectId, baseUrl, logger }).refresh(refreshJwt)
        return secretIn(lines, refreshJwt)
      }),
  },
}

const wanted = process.argv.slice(2)
for (const [name, { title, there, here }] of Object.entries(facts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(
    `${title}\n  @descope/node-sdk  ${await there()}\n  @linkpass/core     ${await here()}\n`,
  )
}
process.exit(0)

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    const result = await call
    const isFailure = typeof result === 'object' && result !== null && 'ok' in result && !result.ok
    return isFailure ? 'resolves to an error' : 'accepts it'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    return `throws ${error instanceof Error ? error.constructor.name : 'an error'}${code}`
  }
}

function linkIn(bodies: readonly string[]): string {
  const sent: { URI?: string; redirectUrl?: string } = JSON.parse(bodies[0] ?? '{}')
  const { URI, redirectUrl } = sent
  return URI ?? redirectUrl ?? 'the page of the console'
}

function secretIn(lines: readonly unknown[], secret: string): string {
  const text = JSON.stringify(lines)
  return text.includes(secret) ? 'gets the refresh token' : 'gets no token'
}

function gateway(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503).end()
}

function proxyPage(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
}

function empty(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
}

/** Runs a call against a server that notes the bodies of POSTs. */
async function withServer(
  respond: (request: IncomingMessage, response: ServerResponse) => void,
  call: (baseUrl: string, bodies: readonly string[]) => Promise<string>,
): Promise<string> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      if (request.method === 'POST') bodies.push(body)
      respond(request, response)
    })
  })
  const port = await listenOnFreePort(server)
  try {
    return await call(`http://127.0.0.1:${port}`, bodies)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Runs a call against an emulator, with the tokens of a signed-in user. */
async function withTokens(
  call: (baseUrl: string, tokens: { readonly refreshJwt: string }) => Promise<string>,
): Promise<string> {
  await using emulator = await startEmulator({ projectId })
  return await call(emulator.url, await emulator.signIn(email))
}
