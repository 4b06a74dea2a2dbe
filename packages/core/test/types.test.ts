import { describe, expectTypeOf, it } from 'vitest'
import type { EnchantedLinkResponse, MaskedEmail, MaskedPhone, Result } from '../src/index.ts'
import type { DescopeClient } from '../src/index.ts'

describe('the types of the calls', () => {
  it('distinguish an e-mail response from a phone response', () => {
    expectTypeOf<ReturnType<DescopeClient['magicLink']['signUp']['email']>>().toEqualTypeOf<
      Promise<Result<MaskedEmail>>
    >()
    expectTypeOf<ReturnType<DescopeClient['magicLink']['signIn']['whatsapp']>>().toEqualTypeOf<
      Promise<Result<MaskedPhone>>
    >()
    expectTypeOf<ReturnType<DescopeClient['enchantedLink']['signIn']>>().toEqualTypeOf<
      Promise<Result<EnchantedLinkResponse>>
    >()
  })

  it('have no members that do not exist, and reject invalid arguments', () => {
    // Compiled and never run: each line must fail to compile without its directive.
    const _neverRun = async (client: DescopeClient) => {
      // @ts-expect-error -- links are not spoken
      await client.magicLink.signUp.voice('ada@example.test')
      // @ts-expect-error -- enchanted links go by e-mail only
      await client.enchantedLink.signUp.sms('+15555550100')
      // @ts-expect-error -- a phone is not reached by e-mail
      await client.magicLink.update.phone('email', 'ada@example.test', '+15555550100', 'a.b.c')
      // @ts-expect-error -- a misspelt option is not forwarded by accident
      await client.magicLink.signIn.email('ada@example.test', undefined, { stepUp: true })
      // @ts-expect-error -- a session token is required
      await client.me()
      // @ts-expect-error -- the current tenant is requested with true
      await client.myTenants(false, 'a.b.c')
      // @ts-expect-error -- settings are frozen
      client.settings.projectId = 'P2'
      const sent = await client.magicLink.verify('abc')
      // @ts-expect-error -- there are no tokens before ok was looked at
      return sent.data.sessionJwt
    }
    expectTypeOf(_neverRun).returns.resolves.toBeString()
  })
})
