import { createDescopeClient, type DescopeClient, unwrap } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const ada = 'ada@example.test'
const page = 'https://app.example.test/verify'

/** Each part was tested alone; here the client meets the service that the emulator plays. */
describe('the client against the emulator', () => {
  let emulator: Emulator
  let client: DescopeClient

  beforeAll(async () => {
    emulator = await startEmulator()
  })

  beforeEach(() => {
    emulator.reset()
    const { projectId, url: baseUrl, clock } = emulator
    client = createDescopeClient({ projectId, baseUrl, clock })
  })

  afterAll(() => emulator.close())

  async function tokenOf(to: string): Promise<string> {
    const { links, linkId } = await emulator.inbox.waitFor({ to })
    return links.find(({ number }) => number === linkId)?.token ?? ''
  }

  it('signs up, in, and both, by every channel', async () => {
    const { magicLink } = client
    for (const [by, to] of [
      ['email', ada],
      ['sms', '+15555550100'],
      ['whatsapp', '+15555550101'],
    ] as const) {
      for (const way of ['signUp', 'signIn', 'signUpOrIn'] as const) {
        expect(await magicLink[way][by](to, page), `${way} ${by}`).toMatchObject({ ok: true })
        const verified = unwrap(await magicLink.verify(await tokenOf(to)))
        const { session } = await client.validateSignIn(verified)
        expect(session.userId).toBe(verified.user?.userId)
      }
    }
  })

  it.each(['myapp://verify', 'exp://192.168.1.20:8081/--/verify', 'com.example.app:/verify'])(
    'sends links to a phone app: %s',
    async (uri) => {
      expect(await client.magicLink.signUpOrIn.email(ada, uri)).toMatchObject({ ok: true })
      const { links } = await emulator.inbox.waitFor({ to: ada })
      const token = links[0]?.token ?? ''
      expect(links[0]?.url).toBe(`${uri}?t=${token}`)
      expect(await client.magicLink.verify(token)).toMatchObject({ ok: true })
    },
  )

  it('refuses who is there already, and who is not', async () => {
    expect((await client.magicLink.signIn.email(ada)).error?.errorCode).toBe('E062108')
    await emulator.signIn(ada)
    expect((await client.magicLink.signUp.email(ada)).error?.errorCode).toBe('E062107')
  })

  it('waits for an enchanted link that somebody verifies on another device', async () => {
    const { pendingRef, linkId } = unwrap(await client.enchantedLink.signUpOrIn(ada, page))
    expect(linkId).toMatch(/^\d\d$/)
    expect((await client.enchantedLink.getSession(pendingRef)).error?.errorCode).toBe('E062503')
    expect(await client.enchantedLink.verify(await tokenOf(ada))).toEqual({
      ok: true,
      code: 200,
      data: {},
    })
    const tokens = unwrap(await client.enchantedLink.waitForSession(pendingRef))
    expect((await client.validateSession(tokens.sessionJwt)).token.sub).toBe(tokens.user?.userId)
  })

  it('ends the wait for an enchanted link that nobody asked for', async () => {
    const result = await client.enchantedLink.waitForSession('made-up')
    expect(result).toMatchObject({ ok: false, code: 401, error: { name: 'ServiceError' } })
  })

  it('steps a session up', async () => {
    const { refreshJwt } = await emulator.signIn(ada)
    unwrap(await client.magicLink.signIn.email(ada, page, { stepup: true }, refreshJwt))
    const { sessionJwt } = unwrap(await client.magicLink.verify(await tokenOf(ada)))
    expect((await client.validateSession(sessionJwt)).token['su']).toBe(true)
  })

  it('changes an address once its link is verified', async () => {
    const { refreshJwt } = await emulator.signIn(ada)
    unwrap(await client.magicLink.update.email(ada, 'ada@new.test', page, refreshJwt))
    expect(unwrap(await client.me(refreshJwt)).email).toBe(ada)
    unwrap(await client.magicLink.verify(await tokenOf('ada@new.test')))
    expect(unwrap(await client.me(refreshJwt)).email).toBe('ada@new.test')
  })

  it('reads tenants and history, and selects a tenant', async () => {
    const tenants = { acme: { roles: ['owner'] }, umbrella: {} }
    const { refreshJwt } = await emulator.signIn(ada, { tenants })
    const { tenants: found } = unwrap(await client.myTenants(['acme'], refreshJwt))
    expect(found.map(({ id }) => id)).toEqual(['acme'])
    expect(unwrap(await client.history(refreshJwt)).length).toBeGreaterThan(0)
    const { sessionJwt } = unwrap(await client.selectTenant('acme', refreshJwt))
    const session = await client.validateSession(sessionJwt)
    expect(session.token['dct']).toBe('acme')
    expect(client.validateTenantRoles(session, 'acme', ['owner'])).toBe(true)
    expect(client.validateTenantRoles(session, 'umbrella', ['owner'])).toBe(false)
  })

  it('refreshes a session that has expired, until a logout', async () => {
    const { sessionJwt, refreshJwt, userId } = await emulator.signIn(ada)
    emulator.clock.advance(3_600_000)
    await expect(client.validateSession(sessionJwt)).rejects.toMatchObject({
      code: 'ERR_TOKEN_EXPIRED',
    })
    const session = await client.validateAndRefreshSession(sessionJwt, refreshJwt)
    expect(session.token.sub).toBe(userId)
    expect(await client.logout(refreshJwt)).toMatchObject({ ok: true, data: {} })
    expect((await client.refresh(refreshJwt)).error?.errorCode).toBe('E064001')
  })

  it('ends every session of a person', async () => {
    const first = await emulator.signIn(ada)
    const second = await emulator.signIn(ada)
    expect((await client.logoutAll(first.refreshJwt)).ok).toBe(true)
    expect((await client.me(second.refreshJwt)).ok).toBe(false)
  })

  it('refuses a session token after a logout, where revocation is configured', async () => {
    const { projectId, url: baseUrl, clock } = emulator
    const revocation = { onStoreError: 'deny' } as const
    await using strict = createDescopeClient({ projectId, baseUrl, clock, revocation })
    const { sessionJwt, refreshJwt } = await emulator.signIn(ada)
    await strict.validateSession(sessionJwt)
    expect((await strict.logout(refreshJwt, { sessionJwt })).ok).toBe(true)
    await expect(strict.validateSession(sessionJwt)).rejects.toMatchObject({
      code: 'ERR_TOKEN_REVOKED',
    })
    await client.validateSession(sessionJwt)
  })

  it.each(['before', 'after'] as const)(
    'never mails a second link when the connection drops %s the first was sent',
    async (drop) => {
      emulator.faults.add({ method: 'POST', drop })
      const { error } = await client.magicLink.signUpOrIn.email(ada, page)
      expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: true })
      expect(emulator.inbox.list()).toHaveLength(drop === 'after' ? 1 : 0)
    },
  )

  it('survives an outage while it waits', async () => {
    const { pendingRef } = unwrap(await client.enchantedLink.signUpOrIn(ada, page))
    unwrap(await client.enchantedLink.verify(await tokenOf(ada)))
    emulator.faults.add({ path: '/v1/auth/enchantedlink/pending-session', status: 503, times: 1 })
    const sleeps: number[] = []
    const clock = { ...emulator.clock, sleep: async (ms: number) => void sleeps.push(ms) }
    const { projectId, url: baseUrl } = emulator
    await using patient = createDescopeClient({ projectId, baseUrl, clock })
    expect((await patient.enchantedLink.waitForSession(pendingRef)).ok).toBe(true)
    expect(sleeps).toEqual([1000])
  })
})

describe('the client against a service in cookie mode', () => {
  it('reads the tokens from the cookies', async () => {
    await using emulator = await startEmulator({ tokensInCookies: true })
    const { projectId, url: baseUrl, clock } = emulator
    await using client = createDescopeClient({ projectId, baseUrl, clock })
    unwrap(await client.magicLink.signUpOrIn.email(ada, page))
    const { links } = await emulator.inbox.waitFor({ to: ada })
    const verified = unwrap(await client.magicLink.verify(links[0]?.token ?? ''))
    const { tokens } = await client.validateSignIn(verified)
    expect((await client.refreshSession(tokens.refreshJwt)).token.sub).toBe(verified.user?.userId)
  })
})
