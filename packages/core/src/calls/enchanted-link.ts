import { checkObject, checkOneTimeToken, checkOpaque } from './arguments.ts'
import type { Call } from '../http/service.ts'
import {
  createLinkCalls,
  type SignIn,
  type SignUp,
  type SignUpOrIn,
  type UpdateAddress,
} from './link-calls.ts'
import type { EmptyResponse } from '../model/account-responses.ts'
import type { EnchantedLinkResponse } from '../model/delivery.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import { notSent, type Result } from '../result.ts'
import type { WaitForSession } from './wait-for-session.ts'

/**
 * Sign-in by a link that signs in whoever asked for it, whatever device it is opened on. A call
 * mails three numbered links and answers the number of the right one (`linkId`, to be shown) and a
 * `pendingRef`, which fetches the session once that link was verified and never leaves the server.
 */
export interface EnchantedLink {
  /** Creates a user and mails them the links; refused with `E062107` if the user exists. */
  readonly signUp: SignUp<EnchantedLinkResponse>
  /**
   * Mails the links to a user who exists; refused with `E062108` otherwise. `stepup` and `mfa`
   * need the refresh token of the session that they build on.
   */
  readonly signIn: SignIn<EnchantedLinkResponse>
  /** Mails the links, and creates the user first where there is none. */
  readonly signUpOrIn: SignUpOrIn<EnchantedLinkResponse>
  /**
   * Spends the one-time token of a link: the right one of the three lets the session begin, and
   * `getSession` brings it. A wrong one is refused.
   */
  readonly verify: (
    token: string,
    options?: EnchantedLinkVerifyOptions,
  ) => Promise<Result<EmptyResponse>>
  /** Asks once for the session; refused with `E062503` for as long as nobody verified a link. */
  readonly getSession: (pendingRef: string) => Promise<Result<SessionTokens>>
  /** Asks for the session until it is there, or will not come. */
  readonly waitForSession: WaitForSession
  readonly update: {
    /** Mails links to a new address, which counts once the right one is verified. */
    readonly email: UpdateAddress<EnchantedLinkResponse>
  }
}

/** Options of an enchanted link's `verify`. */
export interface EnchantedLinkVerifyOptions {
  /** The answer to the `pkceChallenge` that the link was asked for with (from the docs). */
  pkceVerifier?: string
}

/** The enchanted-link calls, over a `call` that is bound to its limits. */
export function createEnchantedLink(call: Call, waitForSession: WaitForSession): EnchantedLink {
  const { signUp, signIn, signUpOrIn, updateEmail } = createLinkCalls(call)
  return {
    signUp: signUp('enchantedLink.signUp'),
    signIn: signIn('enchantedLink.signIn'),
    signUpOrIn: signUpOrIn('enchantedLink.signUpOrIn'),
    verify: (token, options) => {
      const wrong = checkOneTimeToken(token) ?? checkObject('options', options)
      if (wrong) return notSent(wrong)
      const body = { token, pkceVerifier: options?.pkceVerifier }
      return call('enchantedLink.verify', { body, secret: token })
    },
    getSession: (pendingRef) => {
      const wrong = checkOpaque('pendingRef', pendingRef)
      if (wrong) return notSent(wrong)
      return call('enchantedLink.getSession', { body: { pendingRef }, secret: pendingRef })
    },
    waitForSession,
    update: { email: updateEmail('enchantedLink.update.email') },
  }
}
