import { checkOneTimeToken, checkPhoneMethod } from './arguments.ts'
import type { Call } from '../http/service.ts'
import {
  createLinkCalls,
  type SignIn,
  type SignUp,
  type SignUpOrIn,
  type UpdateAddress,
} from './link-calls.ts'
import type { MaskedEmail, MaskedPhone } from '../model/delivery.ts'
import type { UpdateOptions } from '../model/link-options.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import { notSent, type Result } from '../result.ts'

/**
 * Sign-in by a link that signs in whoever opens it. Each call mails or texts one link, whose query
 * parameter `t` is then given to `verify`.
 *
 * In all of them `uri` is where the link leads: an absolute http(s) URL on an approved domain of
 * the project; without it the project's own setting counts.
 */
export interface MagicLink {
  /** Creates a user and sends them a link; refused with `E062107` if the user exists. */
  readonly signUp: MagicLinkSignUp
  /**
   * Sends a link to a user who exists; refused with `E062108` otherwise. `stepup` and `mfa` need
   * the refresh token of the session that they build on.
   */
  readonly signIn: MagicLinkSignIn
  /** Sends a link, and creates the user first where there is none. */
  readonly signUpOrIn: MagicLinkSignUpOrIn
  /**
   * Spends the one-time token of a link; refused with `E062504` or `E063010` when it is used,
   * expired or unknown. The tokens come as the service sent them: `validateSignIn` checks them.
   */
  readonly verify: (token: string) => Promise<Result<SessionTokens>>
  /** Sends a link to a new address, which counts once that link is verified. */
  readonly update: MagicLinkUpdate
}

/** A sign-up by each way that a link can reach its person. */
export interface MagicLinkSignUp {
  readonly email: SignUp<MaskedEmail>
  readonly sms: SignUp<MaskedPhone>
  readonly whatsapp: SignUp<MaskedPhone>
}

/** A sign-in by each way that a link can reach its person. */
export interface MagicLinkSignIn {
  readonly email: SignIn<MaskedEmail>
  readonly sms: SignIn<MaskedPhone>
  readonly whatsapp: SignIn<MaskedPhone>
}

/** A sign-up-or-in by each way that a link can reach its person. */
export interface MagicLinkSignUpOrIn {
  readonly email: SignUpOrIn<MaskedEmail>
  readonly sms: SignUpOrIn<MaskedPhone>
  readonly whatsapp: SignUpOrIn<MaskedPhone>
}

/** A change of address, which a link to the new address completes. */
export interface MagicLinkUpdate {
  readonly email: UpdateAddress<MaskedEmail>
  readonly phone: UpdatePhone
}

/** As documented, with the delivery method first; or by the name of the method. */
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

/** The magic-link calls, over a `call` that is bound to its limits. */
export function createMagicLink(call: Call): MagicLink {
  const { signUp, signIn, signUpOrIn, updateEmail, updatePhone } = createLinkCalls(call)
  const updatePhoneBy = {
    sms: updatePhone('magicLink.update.phone.sms'),
    whatsapp: updatePhone('magicLink.update.phone.whatsapp'),
  }
  return {
    signUp: {
      email: signUp('magicLink.signUp.email'),
      sms: signUp('magicLink.signUp.sms'),
      whatsapp: signUp('magicLink.signUp.whatsapp'),
    },
    signIn: {
      email: signIn('magicLink.signIn.email'),
      sms: signIn('magicLink.signIn.sms'),
      whatsapp: signIn('magicLink.signIn.whatsapp'),
    },
    signUpOrIn: {
      email: signUpOrIn('magicLink.signUpOrIn.email'),
      sms: signUpOrIn('magicLink.signUpOrIn.sms'),
      whatsapp: signUpOrIn('magicLink.signUpOrIn.whatsapp'),
    },
    verify: (token) => {
      const wrong = checkOneTimeToken(token)
      return wrong ? notSent(wrong) : call('magicLink.verify', { body: { token }, secret: token })
    },
    update: {
      email: updateEmail('magicLink.update.email'),
      phone: Object.assign(phoneBy, updatePhoneBy),
    },
  }

  function phoneBy(
    deliveryMethod: 'sms' | 'whatsapp',
    loginId: string,
    phone: string,
    refreshToken: string,
    options?: UpdateOptions,
  ): Promise<Result<MaskedPhone>> {
    const wrong = checkPhoneMethod(deliveryMethod)
    if (wrong) return notSent(wrong)
    return updatePhoneBy[deliveryMethod](loginId, phone, refreshToken, options)
  }
}
