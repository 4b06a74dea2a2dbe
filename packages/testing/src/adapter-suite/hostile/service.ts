import type { User } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import type { Browser, BrowserResponse } from '../../browser.ts'
import { projectId } from '../../tokens/keys.ts'
import { startStub, type StubReply } from '../../servers/stub-server.ts'
import { createTokenIssuer } from '../../tokens/token-issuer.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import type { WebOptions } from '../web-options.ts'

const issuer = await createTokenIssuer()
const otherIssuer = await createTokenIssuer()

interface HostileService extends AsyncDisposable {
  readonly app: TestApp
  /** Sets the response of the service to requests for a path. */
  readonly respond: (
    path: string,
    status: number,
    body: unknown,
    headers?: Record<string, string>,
  ) => void
}

/** An app on a service whose responses the test decides. */
async function startWithResponses(
  adapter: TestAdapter,
  onSignIn: WebOptions['onSignIn'] = () => {},
): Promise<HostileService> {
  const replies = new Map<string, StubReply>()
  const stub = await startStub(({ path }) => replies.get(path) ?? { status: 404 })
  const app = await adapter.start({
    limits: false,
    allowBareLinks: true,
    onSignIn,
    client: { projectId, publicKey: issuer.publicKey, baseUrl: stub.url },
  })
  return {
    app,
    respond: (path, status, body, headers = {}) => replies.set(path, { status, body, headers }),
    [Symbol.asyncDispose]: async () => {
      await app[Symbol.asyncDispose]()
      await stub[Symbol.asyncDispose]()
    },
  }
}

const verifyPath = '/v1/auth/magiclink/verify'
const user = { userId: 'U1', loginIds: ['ada@example.test'] }

/** Opens a link that this browser did not request, and confirms it. */
async function confirm(browser: Browser): Promise<BrowserResponse> {
  return await browser.submit(await browser.visit('/auth/verify?t=token'))
}

/** A service that responds wrongly. */
export function hostileServiceCases(adapter: TestAdapter): void {
  describe(`a service that responds wrongly, on ${adapter.name}`, () => {
    test('T-40: tokens of another project or of two users set no cookie', async () => {
      await using service = await startWithResponses(adapter)
      const { app, respond } = service
      const now = Math.floor(Date.now() / 1000)
      const [session, refresh] = [await issuer.session(), await issuer.session({ drn: 'DSR' })]
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${session.split('.')[1]}.`
      const responses: Record<string, object> = {
        'a foreign session': { sessionJwt: await otherIssuer.session(), refreshJwt: refresh, user },
        'a foreign refresh token': {
          sessionJwt: session,
          user,
          refreshJwt: await otherIssuer.session({ drn: 'DSR' }),
        },
        'an expired session': {
          sessionJwt: await issuer.session({ exp: now - 60 }),
          refreshJwt: refresh,
          user,
        },
        'an unsigned session': { sessionJwt: unsigned, refreshJwt: refresh, user },
        'the two swapped': { sessionJwt: refresh, refreshJwt: session, user },
        'two users': {
          sessionJwt: session,
          user,
          refreshJwt: await issuer.session({ drn: 'DSR', sub: 'U2' }),
        },
        'no session': { refreshJwt: refresh, user },
        'no refresh token': { sessionJwt: session, user },
        'no object': [],
      }
      for (const [what, body] of Object.entries(responses)) {
        respond(verifyPath, 200, body)
        const browser = app.browser()
        const confirmed = await confirm(browser)
        // Without a session it is no response to a verification, such as that of a proxy.
        const isResponse = 'sessionJwt' in body
        expect(confirmed.status, what).toBe(isResponse ? 502 : 503)
        expect(browser.cookieNames, what).toEqual([app.cookieNames.attempt])
      }
      respond(verifyPath, 200, { sessionJwt: session, refreshJwt: refresh, user })
      const browser = app.browser()
      await confirm(browser)
      expect(browser.cookieNames).toContain(app.cookieNames.session)
    })

    test('T-38: cookie fields of the service split no header, and set no attribute', async () => {
      await using service = await startWithResponses(adapter)
      const { app, respond } = service
      const [sessionJwt, refreshJwt] = [
        await issuer.session(),
        await issuer.session({ drn: 'DSR' }),
      ]
      respond(verifyPath, 200, {
        sessionJwt,
        refreshJwt,
        user,
        firstSeen: false,
        cookieDomain: 'evil.example\r\nSet-Cookie: x=y',
        cookiePath: '/\r\nX: y',
        cookieMaxAge: 10 ** 12,
        cookieExpiration: 10 ** 12,
        cookieName: 'x\r\ny',
      })
      const confirmed = await confirm(app.browser())
      const lines = [confirmed.headers['set-cookie'] ?? []].flat()
      expect(lines).toHaveLength(3)
      for (const line of lines) {
        expect(line).toMatch(/^[\w-]+=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
      }
      expect(confirmed.headers['x']).toBeUndefined()
    })

    test('T-55: __proto__ in a claim or a response of the service changes no prototype', async () => {
      const received: User[] = []
      await using service = await startWithResponses(adapter, ({ user }) => received.push(user))
      const { app, respond } = service
      const polluting: object = JSON.parse('{"__proto__":{"polluted":1}}')
      const [sessionJwt, refreshJwt] = [
        await issuer.session(),
        await issuer.session({ drn: 'DSR' }),
      ]
      respond(verifyPath, 200, {
        sessionJwt,
        refreshJwt,
        ...polluting,
        user: { ...user, ...polluting, customAttributes: { a: 1, ...polluting } },
      })
      const browser = app.browser()
      await confirm(browser)
      expect(browser.cookieNames).toContain(app.cookieNames.session)
      expect(received).toHaveLength(1)
      expect(Object.assign({}, received[0]?.customAttributes)).not.toHaveProperty('polluted')

      const claiming = app.browser()
      claiming.setCookie(
        `${app.cookieNames.session}=${await issuer.session({ ...polluting })}; Path=/`,
      )
      const refused = await claiming.visit('/me', { headers: { accept: 'application/json' } })
      expect(refused.status).toBe(401)
      expect({}).not.toHaveProperty('polluted')
    })

    test('T-46: error texts of the service are on no page', async () => {
      await using service = await startWithResponses(adapter)
      const { app, respond } = service
      const markup = '<script>alert(1)</script>'
      respond(verifyPath, 401, {
        errorCode: 'E062504',
        errorDescription: markup,
        errorMessage: markup,
      })
      const page = await confirm(app.browser())
      expect(page.status).toBe(410)
      expect(page.body).not.toContain('alert')
      expect(page.body).not.toContain('E062504')
    })

    test.each([
      [400, 'E011003', 400],
      [401, 'E062504', 410],
      [400, 'E000000', 503],
      [401, 'E000000', 503],
      [403, '', 503],
      [429, 'E000000', 429],
      [500, 'E000000', 503],
      [599, 'E000000', 503],
    ])(
      'a %i %s of the service to a link is %i of the app, without a session cookie',
      async (status, errorCode, expected) => {
        await using service = await startWithResponses(adapter)
        const { app, respond } = service
        respond(verifyPath, status, { errorCode }, { 'retry-after': '1000000000' })
        const browser = app.browser()
        const confirmed = await confirm(browser)
        expect(confirmed.status).toBe(expected)
        expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
      },
    )
  })
}
