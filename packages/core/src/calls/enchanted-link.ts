import { check, checkNames } from './arguments.ts'
import type { Call } from '../http/service.ts'
import * as links from './link-calls.ts'
import type { SignIn, SignUp, SignUpOrIn, UpdateAddress } from './link-calls.ts'
import type { EmptyResponse, EnchantedLinkResponse, SessionTokens } from '../model/api.ts'
import { notSent, type Result } from '../result.ts'
import type { WaitForSession } from './wait-for-session.ts'

/**
 * Sign-in by a link that signs in the browser that requested it, whatever device the link is opened
 * on. A call mails three numbered links and returns the number of the right one (`linkId`, to be
 * shown to the user) and a `pendingRef`, which fetches the session once that link was verified. The
 * `pendingRef` is a secret that must stay on the server.
 */
export interface EnchantedLink {
  /** Creates a user and mails them the links; fails with `E062107` if the user exists. */
  readonly signUp: SignUp<EnchantedLinkResponse>
  /**
   * Mails the links to an existing user; fails with `E062108` if there is none. `stepup` and `mfa`
   * need the refresh token of the session that they extend.
   */
  readonly signIn: SignIn<EnchantedLinkResponse>
  /** Mails the links, and creates the user first if there is none. */
  readonly signUpOrIn: SignUpOrIn<EnchantedLinkResponse>
  /**
   * Redeems the one-time token of a link. With the right one of the three the session begins, and
   * `getSession` returns it; a wrong one fails.
   */
  readonly verify: (
    token: string,
    options?: EnchantedLinkVerifyOptions,
  ) => Promise<Result<EmptyResponse>>
  /** Requests the session once; fails with `E062503` until a link was verified. */
  readonly getSession: (pendingRef: string) => Promise<Result<SessionTokens>>
  /** Requests the session until it exists or can no longer exist. */
  readonly waitForSession: WaitForSession
  readonly update: {
    /** Mails links to a new address, which is changed once the right one was verified. */
    readonly email: UpdateAddress<EnchantedLinkResponse>
  }
}

/** Options of an enchanted link's `verify`. */
export interface EnchantedLinkVerifyOptions {
  /** The verifier of the `pkceChallenge` that the link was requested with (from the docs, RFC 7636). */
  pkceVerifier?: string
}

export function createEnchantedLink(call: Call, waitForSession: WaitForSession): EnchantedLink {
  return {
    signUp: links.signUp(call, 'enchantedLink.signUp'),
    signIn: links.signIn(call, 'enchantedLink.signIn'),
    signUpOrIn: links.signUpOrIn(call, 'enchantedLink.signUpOrIn'),
    verify: (token, options) => {
      const invalid = check('token', token) ?? checkNames('options', options, ['pkceVerifier'])
      if (invalid) return notSent(invalid)
      const body = { token, pkceVerifier: options?.pkceVerifier }
      return call('enchantedLink.verify', { body, secret: token })
    },
    getSession: (pendingRef) => {
      const invalid = check('pendingRef', pendingRef)
      if (invalid) return notSent(invalid)
      return call('enchantedLink.getSession', { body: { pendingRef }, secret: pendingRef })
    },
    waitForSession,
    update: { email: links.update(call, 'enchantedLink.update.email', 'email') },
  }
}
