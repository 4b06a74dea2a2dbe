import { type ClientOptions, type User, createDescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createHistory } from './history.ts'
import { happened, homePage } from './home-page.ts'
import { layout, pageHeaders } from './layout.ts'

/** The app of the demo; `close` releases its resources. */
export interface DemoApp {
  readonly app: Express
  readonly close: () => Promise<void>
}

/** What the app shows and uses of the emulator. */
export interface EmulatorTools {
  readonly inboxUrl: string
  readonly linkLifetimeMinutes: number
  /** Makes a user an admin and a member of two tenants, from the next refresh on. */
  readonly makeAdmin: (loginId: string) => Promise<unknown>
}

const publicFolder = fileURLToPath(new URL('../public', import.meta.url))

/** An app with the built-in sign-in, and one page for each flow. */
export function createDemoApp(
  appUrl: string,
  options: ClientOptions,
  emulator?: EmulatorTools,
): DemoApp {
  const client = createDescopeClient(options)
  const { clock } = client.settings
  const history = createHistory(() => clock.now())
  // A real app has a database; the demo keeps its users in memory.
  const users = new Map<string, User>()

  const auth = createAuth(client, {
    appUrl,
    // New at every start: a restarted demo has no users or sessions to keep.
    cookieSecret: randomBytes(32).toString('base64'),
    methods: ['email', 'enchanted'],
    account: { email: true },
    // Higher limits than an app needs, for users who try the demo.
    limits: { cooldownSeconds: 5, perAddress: 100, perIp: 100, failedPerIp: 100 },
    brand: { name: 'Linkpass demo' },
    ...(emulator && { linkLifetimeMinutes: emulator.linkLifetimeMinutes }),
    beforeSend: (_req, link) => history.linkRequested(link),
    onSignIn: (signIn) => {
      users.set(signIn.user.userId, signIn.user)
      history.signedIn(signIn)
    },
    onAccountChange: (change) => {
      const user = users.get(change.userId)
      if (user) users.set(change.userId, { ...user, [change.kind]: change.address })
      history.accountChanged(change)
    },
    onSignOut: (signOut) => history.signedOut(signOut),
  })

  const app = express()
  app.disable('x-powered-by')
  app.get('/auth/verify/:state', ({ query }, _res, next) => {
    if (query['t'] !== undefined) history.linkOpened()
    next()
  })
  app.use('/auth', auth.router())
  app.use(express.static(publicFolder))

  app.get('/', auth.requireSession(), (req, res) => {
    const session = getSession(req)
    const page = homePage({
      session,
      user: users.get(session.userId),
      now: clock.now(),
      history: history.entries,
      inboxUrl: emulator?.inboxUrl,
    })
    res.set(pageHeaders).send(page)
  })

  const show = (title: string, text: string): string =>
    layout({
      title,
      body: `      <h1>${title}</h1>
      <p>${text}</p>
      ${happened(history.entries)}
      <a class="button" href="/">Back</a>`,
    })

  app.get('/vault', auth.requireSession({ stepUp: { maxAgeSeconds: 300 } }), (_req, res) => {
    const text = 'You confirmed a link in the last five minutes, so you may see this.'
    res.set(pageHeaders).send(show('The vault', text))
  })
  app.get('/admin', auth.requireSession({ roles: ['admin'] }), (_req, res) => {
    const text = 'Your session token has the role <code>admin</code>, so you may see this.'
    res.set(pageHeaders).send(show('For admins', text))
  })
  if (emulator) {
    app.post('/demo/join', auth.requireSession(), (req, res, next) => {
      const [loginId] = users.get(getSession(req).userId)?.loginIds ?? []
      if (loginId === undefined) return res.redirect(303, '/')
      // The browser then sends the same form to the route that refreshes.
      const refresh = (): void => res.redirect(307, '/auth/refresh')
      return emulator.makeAdmin(loginId).then(refresh, next)
    })
  }

  return {
    app,
    close: async () => {
      history.close()
      auth.close()
      await client.close()
    },
  }
}
