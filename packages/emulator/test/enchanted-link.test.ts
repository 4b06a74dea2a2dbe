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

async function start(loginOptions: object = {}): Promise<{ started: Body; mail: Message }> {
  const body = { loginId: 'ada@example.test', loginOptions }
  const reply = await service.post('/v1/auth/enchantedlink/signup-in/email', body)
  return { started: reply.body, mail: await service.emulator.inbox.waitFor() }
}

function tokenOf(mail: Message, number: string | undefined): string {
  return mail.links.find((link) => link.number === number)?.token ?? ''
}

const verify = (token: string, more: object = {}): Promise<Reply> =>
  service.post('/v1/auth/enchantedlink/verify', { token, ...more })
const poll = (pendingRef: string): Promise<Reply> =>
  service.post('/v1/auth/enchantedlink/pending-session', { pendingRef })

describe('an enchanted link', () => {
  it('mails three different two-digit numbers, one of which is linkId', async () => {
    const { started, mail } = await start()
    const numbers = mail.links.map((link) => link.number)
    expect(new Set(numbers).size).toBe(3)
    expect(numbers.every((number) => /^[1-9]\d$/.test(number ?? ''))).toBe(true)
    expect(numbers).toContain(started.linkId)
    expect(mail).toMatchObject({ kind: 'enchanted-link', linkId: started.linkId })
    expect(started.maskedEmail).toBe('ad***@***le.test')
    expect(mail.text).not.toContain(started.pendingRef)
  })

  it('is pending until the right link is opened, whose session only the poller gets', async () => {
    const { started, mail } = await start()
    const pending = await poll(started.pendingRef)
    expect(pending.status).toBe(401)
    expect(pending.body.errorCode).toBe('E062503')

    const approved = await verify(tokenOf(mail, started.linkId))
    expect(approved.status).toBe(200)
    expect(approved.text).toBe('{}')

    const session = await poll(started.pendingRef)
    expect(session.status).toBe(200)
    expect(session.body).toMatchObject({ firstSeen: true, user: { verifiedEmail: true } })
    expect(session.body.refreshJwt).not.toBe('')
  })

  it('refuses the two wrong links, which cost nothing', async () => {
    const { started, mail } = await start()
    for (const link of mail.links.filter(({ number }) => number !== started.linkId)) {
      const wrong = await verify(link.token)
      expect(wrong.status).toBe(401)
      expect(wrong.body.errorCode).toBe('E062504')
    }
    expect((await poll(started.pendingRef)).body.errorCode).toBe('E062503')
    expect((await verify(tokenOf(mail, started.linkId))).status).toBe(200)
    const states = service.emulator.inbox.get(mail.id)?.links.map(({ state }) => state)
    expect(states?.toSorted()).toEqual(['used', 'void', 'void'])
  })

  it('hands its session out once', async () => {
    const { started, mail } = await start()
    await verify(tokenOf(mail, started.linkId))
    const replies = await Promise.all([poll(started.pendingRef), poll(started.pendingRef)])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
    expect((await poll(started.pendingRef)).body.errorCode).toBe('E062504')
  })

  it('never calls an unknown or expired reference pending, or clients would poll on', async () => {
    const { started } = await start()
    expect((await poll('nonsense')).body.errorCode).toBe('E062504')
    service.emulator.clock.advance(600_000)
    expect((await poll(started.pendingRef)).body.errorCode).toBe('E062504')
  })

  it('keeps an approved session for five minutes', async () => {
    const { started, mail } = await start()
    await verify(tokenOf(mail, started.linkId))
    service.emulator.clock.advance(300_000)
    expect((await poll(started.pendingRef)).body.errorCode).toBe('E062504')
  })

  it('can be under way twice', async () => {
    const first = await start()
    const second = await start()
    await verify(tokenOf(first.mail, first.started.linkId))
    expect((await poll(first.started.pendingRef)).status).toBe(200)
    expect((await poll(second.started.pendingRef)).body.errorCode).toBe('E062503')
  })

  it('wants the verifier of its PKCE challenge', async () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const pkceChallenge = createHash('sha256').update(verifier).digest('base64')
    const { started, mail } = await start({ pkceChallenge })
    const token = tokenOf(mail, started.linkId)
    expect((await verify(token)).body.errorCode).toBe('E061004')
    expect((await verify(token, { pkceVerifier: 'guess' })).body.errorCode).toBe('E061004')
    expect((await verify(token, { pkceVerifier: verifier })).status).toBe(200)
  })

  it('does not take the token of a magic link', async () => {
    await service.post('/v1/auth/magiclink/signup-in/email', { loginId: 'ada@example.test' })
    const { links } = await service.emulator.inbox.waitFor()
    expect((await verify(links[0]?.token ?? '')).body.errorCode).toBe('E063010')
  })
})
