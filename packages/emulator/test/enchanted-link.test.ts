import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../src/index.ts'
import { type Body, type Reply, type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

async function send(loginOptions: object = {}): Promise<{ sent: Body; mail: Message }> {
  const body = { loginId: 'ada@example.test', loginOptions }
  const reply = await service.post('/v1/auth/enchantedlink/signup-in/email', body)
  return { sent: reply.body, mail: await service.emulator.inbox.waitFor() }
}

function tokenOf(mail: Message, number: string | undefined): string {
  return mail.links.find((link) => link.number === number)?.token ?? ''
}

const verify = (token: string, more: object = {}): Promise<Reply> =>
  service.post('/v1/auth/enchantedlink/verify', { token, ...more })
const poll = (pendingRef: string): Promise<Reply> =>
  service.post('/v1/auth/enchantedlink/pending-session', { pendingRef })

describe('an enchanted link', () => {
  it('has three different two-digit numbers, one of which is linkId', async () => {
    const { sent, mail } = await send()
    const numbers = mail.links.map((link) => link.number)
    expect(new Set(numbers).size).toBe(3)
    expect(numbers.every((number) => /^\d\d$/.test(number ?? ''))).toBe(true)
    expect(numbers).toContain(sent.linkId)
    expect(mail).toMatchObject({ kind: 'enchanted-link', linkId: sent.linkId })
    expect(sent.maskedEmail).toBe('ad***@***le.test')
    expect(mail.text).not.toContain(sent.pendingRef)
  })

  it('is pending until the right link is redeemed, and only the poll returns the session', async () => {
    const { sent, mail } = await send()
    const pending = await poll(sent.pendingRef)
    expect(pending.status).toBe(401)
    expect(pending.body.errorCode).toBe('E062503')

    const approved = await verify(tokenOf(mail, sent.linkId))
    expect(approved.status).toBe(200)
    expect(approved.text).toBe('{}')

    const session = await poll(sent.pendingRef)
    expect(session.status).toBe(200)
    expect(session.body).toMatchObject({ firstSeen: true, user: { verifiedEmail: true } })
    expect(session.body.refreshJwt).not.toBe('')
  })

  it('rejects the two wrong links and redeems nothing', async () => {
    const { sent, mail } = await send()
    for (const link of mail.links.filter(({ number }) => number !== sent.linkId)) {
      const wrong = await verify(link.token)
      expect(wrong.status).toBe(401)
      expect(wrong.body.errorCode).toBe('E062504')
    }
    expect((await poll(sent.pendingRef)).body.errorCode).toBe('E062503')
    expect((await verify(tokenOf(mail, sent.linkId))).status).toBe(200)
    const states = service.emulator.inbox.get(mail.id)?.links.map(({ state }) => state)
    expect(states?.toSorted()).toEqual(['used', 'void', 'void'])
  })

  it('returns its session once', async () => {
    const { sent, mail } = await send()
    await verify(tokenOf(mail, sent.linkId))
    const replies = await Promise.all([poll(sent.pendingRef), poll(sent.pendingRef)])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
    expect((await poll(sent.pendingRef)).body.errorCode).toBe('E062504')
  })

  it('does not report an unknown or expired reference as pending, which would prolong polling', async () => {
    const { sent } = await send()
    expect((await poll('nonsense')).body.errorCode).toBe('E062504')
    service.emulator.clock.advance(600_000)
    expect((await poll(sent.pendingRef)).body.errorCode).toBe('E062504')
  })

  it('keeps an approved session for five minutes', async () => {
    const { sent, mail } = await send()
    await verify(tokenOf(mail, sent.linkId))
    service.emulator.clock.advance(300_000)
    expect((await poll(sent.pendingRef)).body.errorCode).toBe('E062504')
  })

  it('can be pending twice for one user', async () => {
    const first = await send()
    const second = await send()
    await verify(tokenOf(first.mail, first.sent.linkId))
    expect((await poll(first.sent.pendingRef)).status).toBe(200)
    expect((await poll(second.sent.pendingRef)).body.errorCode).toBe('E062503')
  })

  it('requires the verifier of its PKCE challenge', async () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const pkceChallenge = createHash('sha256').update(verifier).digest('base64')
    const { sent, mail } = await send({ pkceChallenge })
    const token = tokenOf(mail, sent.linkId)
    expect((await verify(token)).body.errorCode).toBe('E061004')
    expect((await verify(token, { pkceVerifier: 'guess' })).body.errorCode).toBe('E061004')
    expect((await verify(token, { pkceVerifier: verifier })).status).toBe(200)
  })

  it('rejects the token of a magic link', async () => {
    await service.post('/v1/auth/magiclink/signup-in/email', { loginId: 'ada@example.test' })
    const { links } = await service.emulator.inbox.waitFor()
    expect((await verify(links[0]?.token ?? '')).body.errorCode).toBe('E063010')
  })
})
