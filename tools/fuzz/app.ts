/** The apps under test: Express 4 and 5, routes before and after body parsers, all guards. */
import { createServer, type Server } from 'node:http'
import express5, { type Express, type Request, type Response } from 'express'
// @ts-expect-error -- has no types here; the adapter treats both versions alike
import express4 from 'express4'
import { createDescopeClient, type Clock, type Logger, type StateStore } from '@linkpass/core'
import { createAuth, getAuth, getSession, requireSession } from '@linkpass/express'
import { listenOnFreePort } from '@linkpass/testing'

/** The emulator behind the apps. */
export interface Service {
  readonly url: string
  readonly projectId: string
}

/** A running app. */
export interface FuzzedApp extends AsyncDisposable {
  readonly port: number
  readonly origin: string
}

/** What an app needs besides the service. */
export interface AppParts {
  readonly version: 4 | 5
  readonly clock: Clock
  /** Shared by all apps: no app may give out a session that another has ended. */
  readonly store: StateStore
  readonly logger: Logger
  /** The address of the app that this is another instance of. @default its own */
  readonly appUrl?: string
  /** Receives each error that the library does not turn into a response. */
  readonly onError: (error: unknown) => void
}

/** Where the routes are mounted: without body parsers, and behind the app's own with limits on. */
export const mounts = ['/auth', '/account'] as const

// Not those with a port: the requests and the checks are written with these.
const names = {
  session: 'DS',
  refresh: 'DSR',
  attempt: 'linkpass-attempt',
  pending: 'linkpass-pending',
}

/** Seals the cookies, and must appear in no response and no log. */
export const cookieSecret = 'seeded-secret-of-the-fuzz-run-0123456789abcdef'

/** Starts an app on a free port. */
export async function startFuzzedApp(service: Service, parts: AppParts): Promise<FuzzedApp> {
  const { version, clock, store, logger, onError } = parts
  const { projectId, url: baseUrl } = service
  const client = createDescopeClient({ projectId, baseUrl, clock, store, logger })
  // Otherwise the first request would load modules and take longer than any other.
  await client.warmUp()
  const framework = frameworkOf(version)
  const app = framework()
  const server = createServer({ keepAliveTimeout: 600_000 }, app)
  const port = await listenOnFreePort(server)
  const origin = parts.appUrl ?? `http://127.0.0.1:${port}`
  const methods = ['email', 'sms', 'whatsapp', 'enchanted'] as const
  const [bare, parsed] = mounts
  const account = { email: true, phone: true }
  // One mount approves by code and the other by button alone, so that both ways are tried.
  const shared = { appUrl: origin, cookieSecret, methods, account, cookies: { names } }
  const auth = createAuth(client, { ...shared, basePath: bare, approval: 'button', limits: false })
  const limited = createAuth(client, { ...shared, basePath: parsed })

  app.set('trust proxy', 'loopback')
  app.use(bare, auth.router())
  app.use(parsed, framework.json(), framework.urlencoded({ extended: true }), limited.router())
  app.all('/me', auth.requireSession(), sendUserId)
  app.all('/admin', auth.requireSession({ roles: ['no user has it'] }), sendUserId)
  app.all('/maybe', auth.optionalSession(), (req, res) => {
    const outcome = getAuth(req)
    res.json({ userId: outcome.status === 'signed-in' ? outcome.session.userId : null })
  })
  app.use('/api', requireSession(client, { cookies: auth.cookieNames }), sendUserId)
  app.get('/', (_req, res) => {
    res.send('home')
  })
  handleErrors(app, onError)

  return {
    port,
    origin,
    [Symbol.asyncDispose]: async () => {
      auth.close()
      limited.close()
      await closeServer(server)
      await client.close()
    },
  }
}

function frameworkOf(version: 4 | 5): typeof express5 {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- alike in what is used here
  return version === 4 ? (express4 as typeof express5) : express5
}

function sendUserId(req: Request, res: Response): void {
  res.json({ userId: getSession(req).userId })
}

// Express and body parsers report invalid requests as errors with a status of 4xx. No request may
// cause any other error.
function handleErrors(app: Express, onError: (error: unknown) => void): void {
  app.use((error: unknown, _req: Request, res: Response, _next: unknown) => {
    const status = typeof error === 'object' && error && 'status' in error ? error.status : 500
    const isInvalidRequest = typeof status === 'number' && status >= 400 && status < 500
    if (!isInvalidRequest) onError(error)
    if (!res.headersSent) res.status(isInvalidRequest ? status : 500).end()
  })
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
