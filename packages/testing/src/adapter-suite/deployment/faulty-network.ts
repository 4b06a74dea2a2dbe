/**
 * Sign-ins through a network that cuts one connection to the service in ten: at connect, after the
 * request, or in the middle of the response. `SIGN_INS=2000` runs as many as the bar requires.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { listenOnFreePort } from '../../servers/listen-on-free-port.ts'
import { seededRandom } from '../../seeded-random.ts'
import type { TestAdapter } from '../adapter.ts'

const signIns = Number(process.env['SIGN_INS'] ?? 60)
const seed = Number(process.env['SEED'] ?? 20_260_115)

/** A proxy in front of the service. */
interface Proxy {
  readonly url: string
  readonly cuts: number
  close(): Promise<void>
}

/** Starts a proxy that may end a connection at each request. */
async function startProxy(target: URL, random: () => number): Promise<Proxy> {
  let cuts = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => {})
    const cut = (): void => {
      cuts += 1
      client.resetAndDestroy()
    }
    if (random() < 0.033) return cut()
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
    let cutResponse = false
    client.on('data', (chunk) => {
      upstream.write(chunk)
      const chance = random()
      // The request reaches the service; its response does not arrive, or only in part.
      if (chance < 0.033) setImmediate(cut)
      else if (chance < 0.066) cutResponse = true
    })
    upstream.on('data', (chunk: Buffer) => {
      client.write(cutResponse ? chunk.subarray(0, chunk.length / 2) : chunk)
      if (cutResponse) setImmediate(cut)
    })
  })
  const port = await listenOnFreePort(server)
  return {
    url: `http://127.0.0.1:${port}`,
    get cuts() {
      return cuts
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Sign-ins and refreshes while connections to the service fail. */
export function faultyNetworkCases(adapter: TestAdapter): void {
  describe(`a faulty network, on ${adapter.name}`, () => {
    test(`R-06: with one connection in ten cut, nearly all of ${signIns} users sign in (seed ${seed})`, async () => {
      await using direct = await adapter.start({ limits: false })
      const proxy = await startProxy(new URL(direct.emulator.url), seededRandom(seed))
      await using app = await adapter.start({ limits: false, client: { baseUrl: proxy.url } })
      let signedIn = 0
      let attempts = 0
      let mails = 0
      for (let user = 0; user < signIns; user += 1) {
        const browser = app.browser()
        const loginId = `user-${user}@example.test`
        for (
          let link = 0;
          link < 3 && !browser.cookieNames.includes(app.cookieNames.session);
          link += 1
        ) {
          const before = app.emulator.inbox.list({ to: loginId }).length
          attempts += 1
          await browser.visit('/auth/magic-link', { form: { loginId } })
          const sent = app.emulator.inbox.list({ to: loginId })
          mails += sent.length - before
          expect(sent.length - before, 'mails of one attempt').toBeLessThanOrEqual(1)
          const [newest] = sent
          if (newest === undefined || sent.length === before) continue
          const url = new URL(newest.links[0]?.url ?? '')
          const opened = await browser.visit(url.pathname + url.search)
          if (opened.status === 503) await browser.submit(opened)
        }
        if (!browser.cookieNames.includes(app.cookieNames.session)) continue
        const me = await app.client.me(browser.cookie(app.cookieNames.refresh) ?? '')
        if (me.ok) expect(me.data.loginIds, 'whose session it is').toContain(loginId)
        signedIn += 1
      }
      await proxy.close()
      expect(proxy.cuts).toBeGreaterThan(0)
      expect(mails).toBeLessThanOrEqual(attempts)
      expect(signedIn / signIns).toBeGreaterThanOrEqual(0.995)
    }, 600_000)

    test('R-08: many users with expired sessions make one refresh each, and no user is signed out', async () => {
      const users = Number(process.env['USERS'] ?? 20)
      await using app = await adapter.start({ limits: false })
      const cookies: string[] = []
      for (let user = 0; user < users; user += 1) {
        const browser = app.browser()
        await app.signIn(browser, `user-${user}@example.test`)
        cookies.push(browser.cookiePairs(app.cookieNames.refresh))
      }
      app.emulator.clock.advance(11 * 60_000)
      const before = app.calls('/v1/auth/refresh')
      // Forty users at a time, because a server's queue of new connections is limited.
      for (let first = 0; first < users; first += 40) {
        const requests = cookies.slice(first, first + 40).flatMap((cookie) => Array(5).fill(cookie))
        const responses = await Promise.all(
          requests.map((cookie) => app.browser().visit('/me', { headers: { cookie } })),
        )
        expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
      }
      expect(app.calls('/v1/auth/refresh') - before).toBeLessThanOrEqual(users)
    }, 600_000)
  })
}
