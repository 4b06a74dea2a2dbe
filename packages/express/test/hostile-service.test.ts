import { MockAgent } from 'undici'
import { describe, expect, test } from 'vitest'
import { expressVersions, startApp, type TestApp } from './support/app.ts'
import type { Answer, Browser } from './support/browser.ts'
import type { AuthOptions } from '@linkpass/express'
import { createMinter, projectId } from './support/tokens.ts'

const service = 'https://api.service.test'
const minter = await createMinter()
const stranger = await createMinter()

/** An app whose service answers what the test says, and nothing else. */
async function withAnswers(
  version: 4 | 5,
  onSignIn: AuthOptions['onSignIn'] = () => {},
): Promise<{
  app: TestApp
  answer: (path: string, status: number, body: unknown, headers?: Record<string, string>) => void
}> {
  const agent = new MockAgent()
  agent.disableNetConnect()
  const app = await startApp({
    version,
    limits: false,
    onSignIn,
    client: { projectId, publicKey: minter.publicKey, baseUrl: service, dispatcher: agent },
  })
  const answer = (
    path: string,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void => {
    const json = { 'content-type': 'application/json', ...headers }
    const pool = agent.get(service)
    pool.intercept({ path, method: 'POST' }).reply(status, JSON.stringify(body), { headers: json })
  }
  return { app, answer }
}

const verifyPath = '/v1/auth/magiclink/verify'
const user = { userId: 'U1', loginIds: ['ada@example.test'] }

/** Opens a link that nobody asked for here, and presses its button. */
async function press(browser: Browser): Promise<Answer> {
  return await browser.submit(await browser.visit('/auth/verify?t=token'))
}

describe.each(expressVersions)('a service that answers wrongly, on Express %i', (version) => {
  test('T-40: tokens that are not this project’s, or not one person’s, set no cookie', async () => {
    const { app, answer } = await withAnswers(version)
    await using _ = app
    const now = Math.floor(Date.now() / 1000)
    const [session, refresh] = [await minter.session(), await minter.session({ drn: 'DSR' })]
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${session.split('.')[1]}.`
    const answers: Record<string, object> = {
      'a foreign session': { sessionJwt: await stranger.session(), refreshJwt: refresh, user },
      'a foreign refresh token': {
        ...{ sessionJwt: session, user },
        refreshJwt: await stranger.session({ drn: 'DSR' }),
      },
      'an expired session': {
        ...{ sessionJwt: await minter.session({ exp: now - 60 }), refreshJwt: refresh, user },
      },
      'an unsigned session': { sessionJwt: unsigned, refreshJwt: refresh, user },
      'the two swapped': { sessionJwt: refresh, refreshJwt: session, user },
      'two people': {
        ...{ sessionJwt: session, user },
        refreshJwt: await minter.session({ drn: 'DSR', sub: 'U2' }),
      },
      'no session': { refreshJwt: refresh, user },
      'no refresh token': { sessionJwt: session, user },
      'no object': [],
    }
    for (const [what, body] of Object.entries(answers)) {
      answer(verifyPath, 200, body)
      const browser = app.browser()
      const pressed = await press(browser)
      expect(pressed.status, what).toBe(502)
      expect(browser.cookieNames, what).toEqual(['linkpass-attempt'])
    }
    answer(verifyPath, 200, { sessionJwt: session, refreshJwt: refresh, user })
    const browser = app.browser()
    await press(browser)
    expect(browser.cookieNames).toContain('DS')
  })

  test('T-38: cookie fields of the service split no header, and choose no attribute', async () => {
    const { app, answer } = await withAnswers(version)
    await using _ = app
    const [sessionJwt, refreshJwt] = [await minter.session(), await minter.session({ drn: 'DSR' })]
    answer(verifyPath, 200, {
      ...{ sessionJwt, refreshJwt, user, firstSeen: false },
      ...{ cookieDomain: 'evil.example\r\nSet-Cookie: x=y', cookiePath: '/\r\nX: y' },
      ...{ cookieMaxAge: 10 ** 12, cookieExpiration: 10 ** 12, cookieName: 'x\r\ny' },
    })
    const answered = await press(app.browser())
    const lines = [answered.headers['set-cookie'] ?? []].flat()
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line).toMatch(/^[\w-]+=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
    }
    expect(answered.headers['x']).toBeUndefined()
  })

  test('T-55: __proto__ in a claim or an answer of the service changes no prototype', async () => {
    const heard: unknown[] = []
    const { app, answer } = await withAnswers(version, ({ user }) => heard.push(user))
    await using _ = app
    const polluting: object = JSON.parse('{"__proto__":{"polluted":1}}')
    const [sessionJwt, refreshJwt] = [await minter.session(), await minter.session({ drn: 'DSR' })]
    answer(verifyPath, 200, {
      ...{ sessionJwt, refreshJwt, ...polluting },
      user: { ...user, ...polluting, customAttributes: { a: 1, ...polluting } },
    })
    const browser = app.browser()
    await press(browser)
    expect(browser.cookieNames).toContain('DS')
    const [{ customAttributes }] = heard as [{ customAttributes: object }]
    expect(Object.assign({}, customAttributes)).not.toHaveProperty('polluted')

    const claiming = app.browser()
    claiming.setCookie(`DS=${await minter.session({ ...polluting })}; Path=/`)
    const refused = await claiming.visit('/me', { headers: { accept: 'application/json' } })
    expect(refused.status).toBe(401)
    expect({}).not.toHaveProperty('polluted')
  })

  test('T-46: what the service says is shown to nobody', async () => {
    const { app, answer } = await withAnswers(version)
    await using _ = app
    const markup = '<script>alert(1)</script>'
    answer(verifyPath, 401, {
      ...{ errorCode: 'E062504', errorDescription: markup, errorMessage: markup },
    })
    const page = await press(app.browser())
    expect(page.status).toBe(410)
    expect(page.body).not.toContain('alert')
    expect(page.body).not.toContain('E062504')
  })

  test.each([
    [400, 400],
    [401, 410],
    [429, 429],
    [500, 503],
    [599, 503],
  ])(
    'a %i of the service to a link is %i here, and never a session cookie',
    async (status, expected) => {
      const { app, answer } = await withAnswers(version)
      await using _ = app
      answer(verifyPath, status, { errorCode: 'E000000' }, { 'retry-after': '1000000000' })
      const browser = app.browser()
      const pressed = await press(browser)
      expect(pressed.status).toBe(expected)
      expect(browser.cookieNames).toEqual(['linkpass-attempt'])
    },
  )
})
