import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Body, type Reply, type Service, startService } from './service.ts'

let service: Service
let ada: Body

beforeAll(async () => {
  service = await startService()
})
beforeEach(async () => {
  service.emulator.reset()
  ada = await service.signIn('ada@example.test')
})
afterAll(() => service.emulator.close())

function update(body: object, token: string | undefined = ada.refreshJwt): Promise<Reply> {
  const whole = { loginId: 'ada@example.test', email: 'ada@new.test', ...body }
  return service.post('/v1/auth/magiclink/update/email', whole, { token })
}

async function redeemLinkTo(to: string): Promise<Reply> {
  const { links } = await service.emulator.inbox.waitFor({ to })
  return service.post('/v1/auth/magiclink/verify', { token: links[0]?.token })
}

describe('a new email address', () => {
  it('replaces the old one, and the login id, only when its link is redeemed', async () => {
    expect((await update({})).body).toEqual({ maskedEmail: 'ad***@***ew.test' })
    const before = await service.get('/v1/auth/me', { token: ada.refreshJwt })
    expect(before.body).toMatchObject({ email: 'ada@example.test' })

    const { user } = (await redeemLinkTo('ada@new.test')).body
    expect(user).toMatchObject({ email: 'ada@new.test', loginIds: ['ada@new.test'] })
    expect(user.userId).toBe(ada.user.userId)
  })

  it('becomes an additional login id with addToLoginIDs', async () => {
    await update({ addToLoginIDs: true })
    const { user } = (await redeemLinkTo('ada@new.test')).body
    expect(user.loginIds).toEqual(['ada@example.test', 'ada@new.test'])
  })

  it('takes the place of the old one among the login ids', async () => {
    const phone = { loginId: 'ada@example.test', phone: '+15553331234', addToLoginIDs: true }
    await service.post('/v1/auth/magiclink/update/phone/sms', phone, { token: ada.refreshJwt })
    await redeemLinkTo('+15553331234')
    await update({})
    const { user } = (await redeemLinkTo('ada@new.test')).body
    expect(user.loginIds).toEqual(['ada@new.test', '+15553331234'])
  })

  it('needs the refresh token of its own user', async () => {
    expect((await update({}, '')).body.errorCode).toBe('E061004')
    expect((await update({}, 'a.b.c')).body.errorCode).toBe('E061005')
    const eve = await service.signIn('eve@example.test')
    expect((await update({}, eve.refreshJwt)).body.errorCode).toBe('E061004')
    expect((await update({}, ada.sessionJwt)).body.errorCode).toBe('E061005')
  })

  it('is rejected with failOnConflict if another user has it', async () => {
    await service.signIn('ada@new.test')
    const reply = await update({ failOnConflict: true })
    expect(reply.status).toBe(400)
    expect(reply.body.errorCode).toBe('E062125')
  })

  it.each([
    ['keeps the requesting user', false],
    ['keeps the other user with onMergeUseExisting', true],
  ])('merges two users and %s', async (_what, onMergeUseExisting) => {
    const other = await service.signIn('ada@new.test')
    await update({ addToLoginIDs: true, onMergeUseExisting })
    const { user } = (await redeemLinkTo('ada@new.test')).body
    const kept = onMergeUseExisting ? other : ada
    const merged = onMergeUseExisting ? ada : other
    expect(user.userId).toBe(kept.user.userId)
    expect(user.loginIds.toSorted()).toEqual(['ada@example.test', 'ada@new.test'])
    const rejected = await service.post('/v1/auth/refresh', {}, { token: merged.refreshJwt })
    expect(rejected.body.errorCode).toBe('E064001')
  })

  it('can be verified by enchanted link', async () => {
    const body = { loginId: 'ada@example.test', email: 'ada@new.test' }
    const token = ada.refreshJwt
    const sent = await service.post('/v1/auth/enchantedlink/update/email', body, { token })
    const mail = await service.emulator.inbox.waitFor({ to: 'ada@new.test' })
    const right = mail.links.find(({ number }) => number === sent.body.linkId)
    await service.post('/v1/auth/enchantedlink/verify', { token: right?.token })
    const { pendingRef } = sent.body
    const session = await service.post('/v1/auth/enchantedlink/pending-session', { pendingRef })
    expect(session.body.user.email).toBe('ada@new.test')
  })
})

describe('a new phone number', () => {
  it.each(['sms', 'whatsapp'])('is verified by %s', async (method) => {
    const body = { loginId: 'ada@example.test', phone: '+14155550123' }
    const token = ada.refreshJwt
    const reply = await service.post(`/v1/auth/magiclink/update/phone/${method}`, body, { token })
    expect(reply.body).toEqual({ maskedPhone: '+1***123' })
    expect(service.emulator.inbox.list()[0]?.channel).toBe(method)
    const { user } = (await redeemLinkTo('+14155550123')).body
    expect(user).toMatchObject({ phone: '+14155550123', verifiedPhone: true })
    expect(user.loginIds).toEqual(['ada@example.test'])
  })

  it('must be a phone number', async () => {
    const body = { loginId: 'ada@example.test', phone: 'ada' }
    const token = ada.refreshJwt
    const reply = await service.post('/v1/auth/magiclink/update/phone/sms', body, { token })
    expect(reply.body.errorCode).toBe('E011003')
  })
})
