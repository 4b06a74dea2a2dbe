import { type ClientOptions, type User, createDescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { signedInPage } from './signed-in-page.ts'

/** The app of the demo; `close` releases its resources. */
export interface DemoApp {
  readonly app: Express
  readonly close: () => Promise<void>
}

/** The settings of the emulator that the app shows. */
interface EmulatorInfo {
  readonly inboxUrl: string
  readonly linkLifetimeMinutes: number
}

const publicFolder = fileURLToPath(new URL('../public', import.meta.url))

/** An app with the built-in sign-in and one protected page. */
export function createDemoApp(
  appUrl: string,
  options: ClientOptions,
  emulator?: EmulatorInfo,
): DemoApp {
  const client = createDescopeClient(options)
  // A real app has a database; the demo keeps its users in memory.
  const users = new Map<string, User>()

  const auth = createAuth(client, {
    appUrl,
    // New at every start: a restarted demo has no users or sessions to keep.
    cookieSecret: randomBytes(32).toString('base64'),
    methods: ['email', 'enchanted'],
    // Higher limits than an app needs, for users who try the demo.
    limits: { cooldownSeconds: 5, perAddress: 100, perIp: 100, failedPerIp: 100 },
    brand: { name: 'Linkpass demo' },
    ...(emulator && { linkLifetimeMinutes: emulator.linkLifetimeMinutes }),
    onSignIn: ({ user }) => {
      users.set(user.userId, user)
    },
  })

  const app = express()
  app.disable('x-powered-by')
  app.use('/auth', auth.router())
  app.use(express.static(publicFolder))
  app.get('/', auth.requireSession(), (req, res) => {
    const session = getSession(req)
    res.set(pageHeaders).send(
      signedInPage({
        userId: session.userId,
        user: users.get(session.userId),
        signedInAt: session.claims.iat * 1000,
        expiresAt: session.expiresAt,
        now: client.settings.clock.now(),
        inboxUrl: emulator?.inboxUrl,
      }),
    )
  })

  return {
    app,
    close: async () => {
      auth.close()
      await client.close()
    },
  }
}

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'strict-origin',
}
