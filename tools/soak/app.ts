/** The app under load: an Express app on a running emulator, and users with browsers for it. */
import { createServer } from 'node:http'
import express from 'express'
import {
  type ClientOptions,
  type Clock,
  createDescopeClient,
  type DescopeClient,
} from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { type Auth, type AuthOptions, createAuth, getSession } from '@linkpass/express'
import { Browser } from '@linkpass/testing/browser'
import { listenOnFreePort } from '@linkpass/testing'

/** What a scenario needs of the app. */
export interface App extends AsyncDisposable {
  readonly appUrl: string
  readonly client: DescopeClient
  readonly cookieNames: Auth['cookieNames']
  /** A new browser, on the emulator's clock. */
  browser(): Browser
  /** A user who is signed in without a link. Their cookies stay when their session expires. */
  signedIn(address: string): Promise<User>
}

/** A user who is signed in, with their browser. */
export interface User {
  readonly address: string
  readonly userId: string
  readonly browser: Browser
}

/** The emulator of an app, which may run in another process. */
export type Service = Pick<Emulator, 'projectId' | 'url' | 'signIn'> & { readonly clock: Clock }

/** Starts the app on a free port. `GET /me` is guarded; by default, there is no limit of any kind. */
export async function startApp(
  emulator: Service,
  options: Partial<ClientOptions> = {},
  authOptions: Partial<AuthOptions> = {},
): Promise<App> {
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock, ...options })
  const app = express()
  const server = createServer(app)
  const appUrl = `http://127.0.0.1:${await listenOnFreePort(server)}`
  const cookieSecret = 'a secret of the soak, of 32 bytes or more'
  const auth = createAuth(client, { appUrl, cookieSecret, limits: false, ...authOptions })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })
  const { cookieNames } = auth
  const browser = (): Browser => new Browser(appUrl, () => clock.now())

  return {
    appUrl,
    client,
    cookieNames,
    browser,
    signedIn: async (address) => {
      const user = { address, browser: browser() }
      const { userId, cookie } = await emulator.signIn(address, { cookieNames })
      for (const pair of cookie.split('; ')) user.browser.setCookie(pair)
      return { ...user, userId }
    },
    [Symbol.asyncDispose]: async () => {
      auth.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await client.close()
    },
  }
}

/** The user whom `/me` names; undefined when it is not passed. */
export async function whoIs(browser: Browser): Promise<string | undefined> {
  const { status, body } = await browser.visit('/me')
  if (status !== 200) return undefined
  const { userId }: { userId: string } = JSON.parse(body)
  return userId
}
