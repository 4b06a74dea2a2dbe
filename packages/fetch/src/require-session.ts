import type { DescopeClient } from '@linkpass/core'
import {
  type CookieNames,
  type Guard,
  type GuardOptions,
  type GuardSetup,
  guardSetup,
  requireBearerSession,
} from '@linkpass/web'
import { type ApplyWatch, type FailureHandler, type SessionGuard, sessionGuard } from './guard.ts'
import { readFetch } from './request-reader.ts'

/** What a guarded route requires. All of it must hold. */
export interface RequireSessionOptions extends GuardOptions<Request> {
  /**
   * How the guard responds to a request that it does not let through. `auto`: a page navigation goes
   * to the sign-in page or gets an error page, a form that was sent gets a page, and any other
   * request gets JSON. `json`: always JSON. `redirect`: each GET without a session goes to the
   * sign-in page. Or a function that makes the response.
   * @default 'auto'
   */
  onSignedOut?: SignedOutPolicy
}

/** How a guard responds to a request that it does not let through: see `onSignedOut`. */
export type SignedOutPolicy = 'auto' | 'json' | 'redirect' | FailureHandler

/**
 * Lets only signed-in requests through, for an API whose tokens are issued elsewhere. It reads the
 * Bearer header, and with `cookies` else that session cookie. It never refreshes, redirects or sets a
 * cookie.
 *
 * @example const guard = requireSession(client)
 * @example const guard = requireSession(client, { cookies: { session: 'DS' } })
 * @throws {TypeError} an option is invalid; the message names it
 */
export function requireSession(
  client: DescopeClient,
  options: Omit<RequireSessionOptions, 'onSignedOut'> & {
    onSignedOut?: Exclude<SignedOutPolicy, 'auto' | 'redirect'>
    /**
     * The session cookie to read where there is no Bearer header: its name, or `auth.cookieNames`.
     * @default none
     */
    cookies?: Pick<CookieNames, 'session'>
  } = {},
): SessionGuard {
  const setup = guardSetup<Request>(options, ['json'], ['cookies'])
  const guard = requireBearerSession(readFetch, client, setup, options?.cookies)
  return sessionGuard(guard, handlerOf(options))
}

/** The guard of one `createAuth`, made by its `requireSession`. */
export function requireSessionBy(
  guardFor: (setup: GuardSetup<Request>) => Guard<Request>,
  watch: ApplyWatch,
  options: RequireSessionOptions = {},
): SessionGuard {
  return sessionGuard(
    guardFor(guardSetup(options, ['auto', 'json', 'redirect'])),
    handlerOf(options),
    watch,
  )
}

function handlerOf({ onSignedOut }: RequireSessionOptions): FailureHandler | undefined {
  return typeof onSignedOut === 'function' ? onSignedOut : undefined
}
