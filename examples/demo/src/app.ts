import { type ClientOptions, type User, createDescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { signedInPage } from './signed-in-page.ts'

/** The demo's app, and how to end what it holds. */
export interface DemoApp {
  readonly app: Express
  readonly close: () => Promise<void>
}

/** What is known where the emulator plays the service. */
export interface Emulated {
  readonly inboxUrl: string
  readonly linkLifetimeMinutes: number
}

const publicFolder = fileURLToPath(new URL('../public', import.meta.url))

/** One protected page behind the built-in sign-in. An app of your own has no more to do. */
export function createDemoApp(
  appUrl: string,
  options: ClientOptions,
  emulated?: Emulated,
): DemoApp {
  const client = createDescopeClient(options)
  // An app has a database; the demo remembers who signed in for as long as it runs.
  const people = new Map<string, User>()

  const auth = createAuth(client, {
    appUrl,
    // A secret of this run alone: a demo that starts anew has forgotten everybody anyway.
    cookieSecret: randomBytes(32).toString('base64'),
    methods: ['email', 'enchanted'],
    // Whoever tries things out asks for links more often than a person would.
    limits: { cooldownSeconds: 5, perAddress: 100, perIp: 100 },
    brand: { name: 'Linkpass demo' },
    ...(emulated && { linkLifetimeMinutes: emulated.linkLifetimeMinutes }),
    onSignIn: ({ user }) => {
      people.set(user.userId, user)
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
        user: people.get(session.userId),
        signedInAt: session.claims.iat * 1000,
        expiresAt: session.expiresAt,
        now: client.settings.clock.now(),
        inboxUrl: emulated?.inboxUrl,
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
