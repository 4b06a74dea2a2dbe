/**
 * What an adapter for a web framework needs: pure decisions about cookies, redirects, cross-site
 * requests and failures, and the seal for what a browser keeps for us.
 */
export { parseAppUrl } from './app-url.ts'
export type { AppOrigin } from './app-url.ts'
export { headerOf, isSafeMethod } from './request/request-facts.ts'
export type { RequestFacts } from './request/request-facts.ts'
export { isCrossSite } from './request/cross-site.ts'
export {
  isPageRequest,
  isPageNavigation,
  isPrefetch,
  isTopLevelNavigation,
} from './request/navigation.ts'
export { safeReturnTo } from './request/return-to.ts'
export { resolveCookiePolicy } from './response/cookie-policy.ts'
export type {
  CookieNameOptions,
  CookieNames,
  CookieOptions,
  CookiePolicy,
} from './response/cookie-policy.ts'
export { bearerToken } from './request/bearer-header.ts'
export { presentedCookies, readCookie, tokensToEnd } from './request/cookie-header.ts'
export type { PresentedCookies } from './request/cookie-header.ts'
export {
  clearedCookies,
  cookiesToClear,
  oversizeFailure,
  sealedCookie,
  sessionCookies,
  strayCookies,
} from './response/cookies.ts'
export type { CookieDecision, CookieRecord } from './response/cookies.ts'
export { responseTo, isSignedOut, isTemporary } from './failure.ts'
export type { Failure, FailureResponse, FailureCode } from './failure.ts'
export { isAttemptState, linkTokenOf, randomState } from './attempt/link-token.ts'
export { maskLoginId, parseLoginId } from './request/login-id.ts'
export { checkAccess } from './guard/access.ts'
export type { AccessRule } from './guard/access.ts'
export { outcomeFailure, hasCredentials } from './guard/outcome-failure.ts'
export type { Credentials } from './guard/outcome-failure.ts'
export { callFailure, outageFailure, startFailure, verifyFailure } from './service-failure.ts'
export { browserNameOf } from './request/browser-name.ts'
export { decideLinkVisit } from './magic-link/link-visit.ts'
export type { ConfirmPolicy, LinkVisit, LinkVisitFacts } from './magic-link/link-visit.ts'
export {
  afterLogout,
  findAttempt,
  latestAttempt,
  newBrowserRecord,
  parseBrowserRecord,
  attemptLifetimeMs,
  withAttempt,
  withUsedLink,
} from './attempt/browser-record.ts'
export type { BrowserRecord, Attempt, UsedLink } from './attempt/browser-record.ts'
export { lifetimeInWords, resolveLinkLifetimes } from './attempt/link-lifetime.ts'
export type { LinkLifetimeOption, LinkLifetimes } from './attempt/link-lifetime.ts'
export { createSendLimiter, resolveSendLimits } from './attempt/send-limits.ts'
export type { SendLimiter, SendLimiterDeps, SendLimits } from './attempt/send-limits.ts'
export {
  randomLinkId,
  packPendingSignIn,
  parsePendingSignIn,
  pendingLeftMs,
  pendingLifetimeMs,
} from './enchanted-link/pending-sign-in.ts'
export type { PendingSignIn } from './enchanted-link/pending-sign-in.ts'
export { createEnchantedBroker } from './enchanted-link/broker.ts'
export type { BrokerDeps, EnchantedBroker, PendingState } from './enchanted-link/broker.ts'
export { createHashedKeys } from './attempt/hashed-keys.ts'
export type { HashedKeys } from './attempt/hashed-keys.ts'
export { createOneTimeResults } from './attempt/one-time-results.ts'
export type { OneTimeResults } from './attempt/one-time-results.ts'

export {
  createSealer,
  guardStore,
  isDeliveryMethod,
  isLoopback,
  isOneTimeToken,
  onlyKnown,
} from '@linkpass/core/internal'
export type { Sealer } from '@linkpass/core/internal'
