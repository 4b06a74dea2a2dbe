import { type Clock, createDescopeClient, systemClock } from '@linkpass/core'
import { createAuth, getAuth, getSession, requireSession } from '@linkpass/fetch'
import { collectGarbage, createTokenIssuer, deferred, projectId } from '@linkpass/testing'
import { getEventListeners, once } from 'node:events'
import { describe, expect, test } from 'vitest'

const issuer = await createTokenIssuer()
const client = createDescopeClient({ projectId, publicKey: issuer.publicKey })
const appUrl = 'http://localhost:3000'
const auth = createAuth(client, { appUrl, cookieSecret: 'x'.repeat(32) })
const ip = '192.0.2.7'

async function signedInRequest(path = '/me', headers: Record<string, string> = {}) {
  const cookie = `${auth.cookieNames.session}=${await issuer.session()}`
  return new Request(appUrl + path, { headers: { cookie, ...headers } })
}

/** A request with an expired session: a guard clears its cookies. */
async function expiredRequest() {
  const cookie = `${auth.cookieNames.session}=${await issuer.session({ exp: 1_000_000 })}`
  return new Request(`${appUrl}/me`, { headers: { cookie } })
}

describe('handler', () => {
  test.each([
    ['/auth/sign-in', 200],
    ['/auth/sign-in#fragment', 200],
    ['/auth/verify/x?t=y', 400],
    ['/auth//sign-in', 303],
  ])('serves %s', async (path, status) => {
    const response = await auth.handler(new Request(appUrl + path), { ip })
    expect(response?.status).toBe(status)
  })

  test.each([
    '/',
    '/auth',
    '/auth/',
    '/auth/nowhere',
    '/authors',
    '/AUTH/sign-in',
    '/%61uth/sign-in',
  ])('leaves %s to the app, within the same turn', (path) => {
    expect(auth.handler(new Request(appUrl + path), { ip })).toBeUndefined()
  })

  test('a HEAD request gets the headers of GET, and no body', async () => {
    const head = new Request(`${appUrl}/auth/sign-in`, { method: 'HEAD' })
    const response = await auth.handler(head, { ip })
    expect([response?.status, await response?.text()]).toEqual([200, ''])
    expect(response?.headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  test('a body that was read already is a 400, and the warning says what to do', async () => {
    const warnings: string[] = []
    const note = (warning: Error & { detail?: string }): unknown =>
      warnings.push(`${warning.message} ${warning.detail}`)
    process.on('warning', note)
    const body = new URLSearchParams({ loginId: 'ada@example.test' })
    const request = new Request(`${appUrl}/auth/magic-link`, {
      method: 'POST',
      body,
      headers: { 'content-length': String(String(body).length) },
    })
    await request.text()
    expect((await auth.handler(request, { ip }))?.status).toBe(400)
    await new Promise(setImmediate)
    process.off('warning', note)
    expect(warnings).toEqual([expect.stringContaining('read a clone()')])
  })

  test('P31: a body in chunks of one byte takes a small multiple of its length in memory', async () => {
    const used = (): number => {
      collectGarbage()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      return heapUsed + arrayBuffers
    }
    const isRead = deferred<void>()
    const form = `loginId=none&returnTo=/${'x'.repeat(16_000)}`
    const slow = (): Request => {
      let index = 0
      const pull = async (stream: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
        if (index === form.length) {
          reading -= 1
          if (reading === 0) isRead.resolve()
          await mayEnd.promise
          return stream.close()
        }
        stream.enqueue(Buffer.from(form.charAt(index)))
        index += 1
      }
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = new ReadableStream({ pull })
      return new Request(`${appUrl}/auth/magic-link`, {
        method: 'POST',
        body,
        headers,
        duplex: 'half',
      })
    }
    let reading = 10
    const mayEnd = deferred<void>()
    const before = used()
    const responses = Array.from({ length: reading }, async () => auth.handler(slow(), { ip }))
    await isRead.promise
    expect(used() - before).toBeLessThan(4 * 1024 * 1024)
    mayEnd.resolve()
    for (const response of await Promise.all(responses)) {
      expect(await response?.json()).toEqual({ error: 'bad_request', field: 'loginId' })
    }
  })

  test('what is no Request is an error that names the fix', () => {
    const context = { req: { raw: new Request(appUrl) } }
    const handler: (request: never, info: { ip: string }) => unknown = auth.handler
    expect(() => handler(context as never, { ip })).toThrow('In Hono, pass c.req.raw.')
  })
})

describe('guards', () => {
  test('a session seen before is decided within the same turn', async () => {
    const guard = auth.requireSession()
    const request = await signedInRequest()
    await guard(request)
    const passed = guard(new Request(request))
    if (passed instanceof Promise || passed instanceof Response) throw new Error('not at once')
    expect(passed.session.userId).toBe(getSession(request).userId)
  })

  test('apply changes the response, and copies one whose headers are immutable', async () => {
    const passed = await auth.requireSession()(await signedInRequest())
    if (passed instanceof Response) throw new Error('refused')
    const own = new Response('mine', { headers: { 'cache-control': 'max-age=5' } })
    expect(passed.apply(own)).toBe(own)
    expect(own.headers.get('cache-control')).toBe('max-age=5')
    const redirect = passed.apply(Response.redirect(`${appUrl}/next`, 302))
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, `${appUrl}/next`])
    expect(redirect.headers.get('cache-control')).toBe('private, no-cache')
  })

  test.each([undefined, { error: 'late' }])('apply says that %o is no response', async (given) => {
    const passed = await auth.requireSession()(await signedInRequest())
    if (passed instanceof Response) throw new Error('refused')
    expect(() => passed.apply(given as never)).toThrow('apply needs the Response to send.')
  })

  test('cookies that a handler does not apply are warned of, once', async () => {
    let time = 0
    const watched = createDescopeClient({
      ...{
        projectId,
        publicKey: issuer.publicKey,
        clock: { ...systemClock, monotonic: () => time },
      },
    })
    const guard = createAuth(watched, { appUrl, cookieSecret: 'x'.repeat(32) }).optionalSession()
    const warnings: string[] = []
    const note = (warning: Error): unknown => warnings.push(warning.message)
    process.on('warning', note)
    const seen = async (): Promise<number> => {
      await new Promise(setImmediate)
      return warnings.length
    }
    const applied = await guard(await expiredRequest())
    const late = await guard(await expiredRequest())
    applied.apply(new Response())
    time += 61_000
    await guard(await expiredRequest())
    // The first were applied, and another request was behind them.
    expect(await seen()).toBe(0)
    late.apply(new Response())
    time += 61_000
    await guard(await expiredRequest())
    expect(await seen()).toBe(1)
    time += 61_000
    await guard(await expiredRequest())
    expect(await seen()).toBe(1)
    process.off('warning', note)
    expect(warnings[0]).toContain('apply(response) was not called')
  })

  test('onSignedOut makes the response, and the ended session is cleared on it', async () => {
    const guard = auth.requireSession({
      onSignedOut: (request, error) => new Response(`${request.method} ${error.code}`),
    })
    const response = await guard(await expiredRequest())
    if (!(response instanceof Response)) throw new Error('let through')
    expect(await response.text()).toBe('GET unauthorized')
    expect(response.headers.getSetCookie()).toHaveLength(2)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('onSignedOut may take its time, and must return a response', async () => {
    const later = auth.requireSession({
      onSignedOut: (_request, { status }) => Promise.resolve(new Response('later', { status })),
    })
    expect(await later(new Request(appUrl))).toMatchObject({ status: 401 })
  })

  test.each<[string, () => Response | Promise<Response>]>([
    ['returns nothing', () => undefined as never],
    [
      'throws',
      () => {
        throw new Error('no response')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no response, later'))],
    ['resolves to nothing', () => Promise.resolve(undefined as never)],
  ])('an onSignedOut that %s is a 500 with the cookies', async (_, onSignedOut) => {
    const response = await auth.requireSession({ onSignedOut })(await expiredRequest())
    if (!(response instanceof Response)) throw new Error('let through')
    expect([response.status, await response.text()]).toEqual([500, '{"error":"app_error"}'])
    expect(response.headers.getSetCookie()).toHaveLength(2)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('onSignedOut is not called for an error of the app', async () => {
    const guard = auth.requireSession({
      tenant: () => {
        throw new Error('no tenant')
      },
      onSignedOut: () => new Response('signed out'),
    })
    const response = await guard(await signedInRequest())
    if (!(response instanceof Response)) throw new Error('let through')
    expect([response.status, await response.text()]).toEqual([500, '{"error":"app_error"}'])
  })

  test('optionalSession tells who sent the request, and clears an ended session', async () => {
    const who = auth.optionalSession()
    const visitor = await who(new Request(appUrl))
    expect([visitor.session, visitor.outcome.status]).toEqual([undefined, 'signed-out'])
    expect((await who(await signedInRequest())).outcome.status).toBe('signed-in')
    const expired = await expiredRequest()
    const ended = await who(expired)
    expect(getAuth(expired)).toBe(ended.outcome)
    expect(ended.apply(new Response('page')).headers.getSetCookie()).toHaveLength(2)
  })

  test('an unguarded route: a request in place of options is an error, and makes no guard', () => {
    const request = new Request(appUrl) as never
    const makers: readonly ((...given: never[]) => unknown)[] = [
      auth.requireSession,
      auth.optionalSession,
      (options) => requireSession(client, options),
    ]
    for (const make of makers) expect(() => make(request)).toThrow(/makes a guard/)
  })

  test('what is no Request is an error that names the fix, in a guard too', () => {
    const context = { req: { raw: new Request(appUrl) } } as never
    for (const guard of [auth.requireSession(), auth.optionalSession()]) {
      expect(() => guard(context)).toThrow('In Hono, pass c.req.raw.')
    }
  })

  test('a wrong option is an error at creation that names it', () => {
    const wrong: (options: never) => unknown = auth.requireSession
    expect(() => wrong({ onSignedOut: 'next' } as never)).toThrow(/onSignedOut must be auto, json/)
    expect(() => wrong({ role: ['admin'] } as never)).toThrow(/role/)
    const bearer: (given: never, options: never) => unknown = requireSession
    expect(() => bearer(client as never, { onSignedOut: 'redirect' } as never)).toThrow(
      /onSignedOut/,
    )
  })
})

test('without the address of the client, one warning says where it goes', async () => {
  const warnings: string[] = []
  const note = (warning: Error & { detail?: string }): unknown =>
    warnings.push(warning.detail ?? '')
  process.on('warning', note)
  const broken = createDescopeClient({ projectId, baseUrl: 'http://127.0.0.1:1' })
  const unlimited = createAuth(broken, { appUrl, cookieSecret: 'x'.repeat(32) })
  const send = (from: string | undefined): unknown => {
    const body = new URLSearchParams({ loginId: 'ada@example.test' })
    const request = new Request(`${appUrl}/auth/magic-link`, { method: 'POST', body })
    return unlimited.handler(request, { ip: from })
  }
  await send(ip)
  await send(undefined)
  await new Promise(setImmediate)
  process.off('warning', note)
  const told = warnings.filter((detail) => detail.includes('auth.handler(request, { ip })'))
  expect(told).toHaveLength(1)
  await broken.close()
})

test('sessionEnded has one listener on a signal that lives on, and leaves none', async () => {
  let aheadMs = 0
  const clock: Clock = {
    ...systemClock,
    now: () => Date.now() + aheadMs,
    sleep: (_ms, signal) => systemClock.sleep(1, signal),
  }
  const hasty = createDescopeClient({ projectId, publicKey: issuer.publicKey, clock })
  const own = createAuth(hasty, { appUrl, cookieSecret: 'x'.repeat(32) })
  const request = await signedInRequest()
  await own.requireSession()(request)
  const closed = new AbortController()
  const ends = Array.from({ length: 20 }, () => own.sessionEnded(request, closed.signal))
  expect(getEventListeners(closed.signal, 'abort')).toHaveLength(1)
  aheadMs = 3_600_000
  await Promise.all(ends.map((ended) => once(ended, 'abort')))
  expect(getEventListeners(closed.signal, 'abort')).toEqual([])
})
