import { check } from './arguments.ts'
import type { Call } from '../http/service.ts'
import {
  type SignIn,
  signIn,
  type SignUp,
  signUp,
  type SignUpOrIn,
  signUpOrIn,
  update,
  type UpdateAddress,
} from './link-calls.ts'
import type { MaskedEmail, MaskedPhone, SessionTokens, UpdateOptions } from '../model/api.ts'
import { notSent, type Result } from '../result.ts'

/**
 * Sign-in by a link that signs in whoever opens it. Each call sends one link by e-mail, SMS or
 * WhatsApp; its query parameter `t` is the one-time token for `verify`.
 *
 * In all of them `uri` is the page that the link opens: an absolute http(s) URL on an approved domain
 * of the project, or a URL of a phone app (`myapp://…`). The default is the project's own setting.
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
      email: signUp(call, 'magicLink.signUp.email'),
      sms: signUp(call, 'magicLink.signUp.sms'),
      whatsapp: signUp(call, 'magicLink.signUp.whatsapp'),
    },
    signIn: {
      email: signIn(call, 'magicLink.signIn.email'),
      sms: signIn(call, 'magicLink.signIn.sms'),
      whatsapp: signIn(call, 'magicLink.signIn.whatsapp'),
    },
    signUpOrIn: {
      email: signUpOrIn(call, 'magicLink.signUpOrIn.email'),
      sms: signUpOrIn(call, 'magicLink.signUpOrIn.sms'),
      whatsapp: signUpOrIn(call, 'magicLink.signUpOrIn.whatsapp'),
    },
    verify: (token) => {
      const invalid = check('token', token)
      if (invalid) return notSent(invalid)
      return call('magicLink.verify', { body: { token }, secret: token })
    },
    update: {
      email: update(call, 'magicLink.update.email', 'email'),
      phone: byDeliveryMethod({
        sms: update(call, 'magicLink.update.phone.sms', 'phone'),
        whatsapp: update(call, 'magicLink.update.phone.whatsapp', 'phone'),
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
