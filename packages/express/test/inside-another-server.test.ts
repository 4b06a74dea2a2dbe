/** An Express app inside another server of the same process, which takes its path off, as connect does. */
import { createAuth, getSession } from '@linkpass/express'
import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { listenOnFreePort } from '@linkpass/testing'
import { Browser } from '@linkpass/testing/browser'
import { type IncomingMessage, createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { expressVersions, frameworkOf } from './express-adapter.ts'

async function startInside(version: 4 | 5) {
  const emulator = await startEmulator()
  const client = createDescopeClient({ projectId: emulator.projectId, baseUrl: emulator.url })
  const app = frameworkOf(version)()
  const server = createServer((req: IncomingMessage & { originalUrl?: string }, res) => {
    const { url = '' } = req
    if (!url.startsWith('/shop/')) return void res.writeHead(404).end()
    req.originalUrl = url
    req.url = url.slice('/shop'.length)
    app(req, res)
  })
  const origin = `http://localhost:${await listenOnFreePort(server)}`
  const auth = createAuth(client, {
    appUrl: origin,
    basePath: '/shop/auth',
    pages: { afterSignIn: '/shop/me' },
    cookieSecret: 'a secret of at least thirty-two bytes',
  })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => void res.send(getSession(req).userId))
  return {
    browser: () => new Browser(origin),
    linkFor: async (to: string) => {
      const [link] = (await emulator.inbox.waitFor({ to })).links
      return (link?.url ?? '').replace(origin, '')
    },
    messages: () => emulator.inbox.list(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await client.close()
      await emulator.close()
    },
  }
}

describe.each(expressVersions)(
  'inside a server that takes its path off, on Express %i',
  (version) => {
    test('U1: basePath with that path signs in', async () => {
      await using app = await startInside(version)
      const browser = app.browser()
      const guarded = await browser.visit('/shop/me')
      expect(guarded.location).toBe('/shop/auth/sign-in?returnTo=%2Fshop%2Fme')
      const signIn = await browser.visit(guarded.location ?? '')
      const sent = await browser.submit(signIn, { loginId: 'ada@example.test' })
      expect(sent.location).toBe('/shop/auth/check-inbox')
      const verified = await browser.visit(await app.linkFor('ada@example.test'))
      expect(verified.location).toBe('/shop/me')
      expect((await browser.visit('/shop/me')).status).toBe(200)
      expect((await browser.visit('/shop/auth')).status).toBe(404)
    })

    test('P19: a guard in front of a route is not passed by a slash too many', async () => {
      await using app = await startInside(version)
      const form = { loginId: 'ada@example.test' }
      for (const path of ['/shop/auth//magic-link', '/shop/AUTH//magic-link']) {
        expect((await app.browser().visit(path, { form })).status).toBe(404)
      }
      expect(app.messages()).toEqual([])
    })
  },
)
