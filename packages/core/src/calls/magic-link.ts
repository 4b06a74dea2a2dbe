import { check } from './arguments.ts'
import type { Call } from '../http/service.ts'
import * as links from './link-calls.ts'
import type { SignIn, SignUp, SignUpOrIn, UpdateAddress } from './link-calls.ts'
import type { MaskedEmail, MaskedPhone, SessionTokens, UpdateOptions } from '../model/api.ts'
import { notSent, type Result } from '../result.ts'

/**
 * Sign-in by a link that signs in whoever opens it. Each call sends one link by e-mail, SMS or
 * WhatsApp; its query parameter `t` is the one-time token for `verify`.
 *
 * In all of them `uri` is the page that the link opens: an absolute http(s) URL on an approved domain
 * of the project, or a URL of a phone app (`myapp://…`). The default is the project's own setting.
 *
 * With an invalid argument, a call fails with `ERR_ARGUMENT`, and nothing is sent.
 */
export interface MagicLink {
  /** Creates a user and sends them a link; fails with `E062107` if the user exists. */
  readonly signUp: ByDeliveryMethod<SignUp<MaskedEmail>, SignUp<MaskedPhone>>
  /**
   * Sends a link to an existing user; fails with `E062108` if there is none. `stepup` and `mfa` need
   * the refresh token of the session that they extend.
   */
  readonly signIn: ByDeliveryMethod<SignIn<MaskedEmail>, SignIn<MaskedPhone>>
  /** Sends a link, and creates the user first if there is none. */
  readonly signUpOrIn: ByDeliveryMethod<SignUpOrIn<MaskedEmail>, SignUpOrIn<MaskedPhone>>
  /**
   * Redeems the one-time token of a link; fails with `E062504` or `E063010` if it was used, has
   * expired or is unknown. The tokens are returned as the service sent them: `validateSignIn` verifies
   * them.
   */
  readonly verify: (token: string) => Promise<Result<SessionTokens>>
  /** Sends a link to a new address, which is changed once that link was verified. */
  readonly update: {
    readonly email: UpdateAddress<MaskedEmail>
    readonly phone: UpdatePhone
  }
}

/** A call by each delivery method. */
export interface ByDeliveryMethod<Email, Phone> {
  readonly email: Email
  readonly sms: Phone
  readonly whatsapp: Phone
}

/** As documented, with the delivery method as the first argument; or as a property. */
export interface UpdatePhone {
  (
    deliveryMethod: 'sms' | 'whatsapp',
    loginId: string,
    phone: string,
    refreshToken: string,
    updateOptions?: UpdateOptions,
  ): Promise<Result<MaskedPhone>>
  readonly sms: UpdateAddress<MaskedPhone>
  readonly whatsapp: UpdateAddress<MaskedPhone>
}

export function createMagicLink(call: Call): MagicLink {
  return {
    signUp: {
      email: links.signUp(call, 'magicLink.signUp.email'),
      sms: links.signUp(call, 'magicLink.signUp.sms'),
      whatsapp: links.signUp(call, 'magicLink.signUp.whatsapp'),
    },
    signIn: {
      email: links.signIn(call, 'magicLink.signIn.email'),
      sms: links.signIn(call, 'magicLink.signIn.sms'),
      whatsapp: links.signIn(call, 'magicLink.signIn.whatsapp'),
    },
    signUpOrIn: {
      email: links.signUpOrIn(call, 'magicLink.signUpOrIn.email'),
      sms: links.signUpOrIn(call, 'magicLink.signUpOrIn.sms'),
      whatsapp: links.signUpOrIn(call, 'magicLink.signUpOrIn.whatsapp'),
    },
    verify: (token) => {
      const invalid = check('token', token)
      if (invalid) return notSent(invalid)
      return call('magicLink.verify', { body: { token }, secret: token })
    },
    update: {
      email: links.update(call, 'magicLink.update.email', 'email'),
      phone: byDeliveryMethod({
        sms: links.update(call, 'magicLink.update.phone.sms', 'phone'),
        whatsapp: links.update(call, 'magicLink.update.phone.whatsapp', 'phone'),
      }),
    },
  }
}

function byDeliveryMethod(methods: Pick<UpdatePhone, 'sms' | 'whatsapp'>): UpdatePhone {
  function updatePhone(
    deliveryMethod: 'sms' | 'whatsapp',
    ...change: [loginId: string, phone: string, refreshToken: string, options?: UpdateOptions]
  ): Promise<Result<MaskedPhone>> {
    const invalid = check('deliveryMethod', deliveryMethod)
    return invalid ? notSent(invalid) : methods[deliveryMethod](...change)
  }
  return Object.assign(updatePhone, methods)
}
