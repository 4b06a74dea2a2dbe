/**
 * Sign-ins through a network that cuts one connection to the service in ten: at connect, after the
 * request, or in the middle of the answer. `SIGN_INS=2000` runs as many as the bar asks for.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startApp } from './support/app.ts'

const signIns = Number(process.env['SIGN_INS'] ?? 60)
const seed = Number(process.env['SEED'] ?? 20_260_115)

/** Numbers from 0 to 1 that a seed tells (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Proxy {
  readonly url: string
  readonly cuts: number
  close(): Promise<void>
}

/** Every request on a connection may be its last. */
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
    let cutAnswer = false
    client.on('data', (chunk) => {
      upstream.write(chunk)
      const chance = random()
      // The request has left for the service; its answer will not arrive, or only in part.
      if (chance < 0.033) setImmediate(cut)
      else if (chance < 0.066) cutAnswer = true
    })
    upstream.on('data', (chunk: Buffer) => {
      client.write(cutAnswer ? chunk.subarray(0, chunk.length / 2) : chunk)
      if (cutAnswer) setImmediate(cut)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
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

test(`R-06: with one connection in ten cut, nearly everybody of ${signIns} gets in (seed ${seed})`, async () => {
  await using direct = await startApp({ limits: false })
  const proxy = await startProxy(new URL(direct.emulator.url), randomFrom(seed))
  await using app = await startApp({ limits: false, client: { baseUrl: proxy.url } })
  let signedIn = 0
  let starts = 0
  let mails = 0
  for (let person = 0; person < signIns; person += 1) {
    const browser = app.browser()
    const loginId = `person-${person}@example.test`
    for (let link = 0; link < 3 && !browser.cookieNames.includes('DS'); link += 1) {
      const before = app.emulator.inbox.list({ to: loginId }).length
      starts += 1
      await browser.visit('/auth/magic-link', { form: { loginId } })
      const sent = app.emulator.inbox.list({ to: loginId })
      mails += sent.length - before
      expect(sent.length - before, 'mails of one start').toBeLessThanOrEqual(1)
      const [newest] = sent
      if (newest === undefined || sent.length === before) continue
      const url = new URL(newest.links[0]?.url ?? '')
      const landed = await browser.visit(url.pathname + url.search)
      if (landed.status === 503) await browser.submit(landed)
    }
    if (!browser.cookieNames.includes('DS')) continue
    const me = await app.client.me(browser.cookie('DSR') ?? '')
    if (me.ok) expect(me.data.loginIds, 'whose session it is').toContain(loginId)
    signedIn += 1
  }
  await proxy.close()
  expect(proxy.cuts).toBeGreaterThan(0)
  expect(mails).toBeLessThanOrEqual(starts)
  expect(signedIn / signIns).toBeGreaterThanOrEqual(0.995)
}, 600_000)

test('R-08: a crowd with expired sessions makes one refresh each, and nobody is logged out', async () => {
  const people = Number(process.env['PEOPLE'] ?? 20)
  await using app = await startApp({ limits: false })
  const cookies: string[] = []
  for (let person = 0; person < people; person += 1) {
    const browser = app.browser()
    await app.signIn(browser, `person-${person}@example.test`)
    cookies.push(`DSR=${browser.cookie('DSR')}`)
  }
  app.emulator.clock.advance(11 * 60_000)
  const before = app.calls('/v1/auth/refresh')
  // Forty people at a time, because a server's queue of new connections ends somewhere.
  for (let first = 0; first < people; first += 40) {
    const crowd = cookies.slice(first, first + 40).flatMap((cookie) => Array(5).fill(cookie))
    const answers = await Promise.all(
      crowd.map((cookie) => app.browser().visit('/me', { headers: { cookie } })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  }
  expect(app.calls('/v1/auth/refresh') - before).toBeLessThanOrEqual(people)
}, 600_000)
