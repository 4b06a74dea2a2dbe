/**
 * What an adapter for a web framework needs: pure decisions about cookies, redirects, cross-site
 * requests and failures, and the seal for what a browser keeps for us.
 */
export { isLoopback } from '../base-url.ts'
export { isDeliveryMethod } from '../model/delivery.ts'
export { guardStore } from '../guarded-store.ts'
export { parseAppUrl } from './app-origin.ts'
export type { AppOrigin } from './app-origin.ts'
export { headerOf, isSafeMethod } from './request-facts.ts'
export type { RequestFacts } from './request-facts.ts'
export { isCrossSite } from './cross-site.ts'
export { isLookedAt, isPageNavigation, isPrefetch, isTopLevelNavigation } from './navigation.ts'
export { safeReturnTo } from './return-to.ts'
export { resolveCookiePolicy } from './cookie-policy.ts'
export type {
  CookieNameOptions,
  CookieNames,
  CookieOptions,
  CookiePolicy,
} from './cookie-policy.ts'
export { bearerToken } from './bearer-header.ts'
export { presentedCookies, readCookie, tokensToEnd } from './cookie-header.ts'
export type { PresentedCookies } from './cookie-header.ts'
export {
  clearedCookies,
  cookiesToClear,
  oversizeFailure,
  sealedCookie,
  sessionCookies,
  strayCookies,
} from './cookies.ts'
export type { CookieDecision, CookieRecord } from './cookies.ts'
export { answerTo, isSignedOut, mayPass } from './failure.ts'
export type { Failure, FailureAnswer, FailureCode } from './failure.ts'
export { createSealer } from './seal.ts'
export type { Sealer } from './seal.ts'
export { isLinkState, isLinkToken, linkTokenOf, randomState } from './link-token.ts'
export { maskLoginId, parseLoginId } from './login-id.ts'
export { checkAccess } from './access.ts'
export type { AccessRule } from './access.ts'
export { outcomeFailure, presentsAnything } from './outcome-failure.ts'
export type { Credentials } from './outcome-failure.ts'
export { callFailure, outageFailure, startFailure, verifyFailure } from './call-failure.ts'
export { browserNameOf } from './browser-name.ts'
export { decideLinkVisit } from './link-visit.ts'
export type { ConfirmPolicy, LinkVisit, LinkVisitFacts } from './link-visit.ts'
export {
  afterLogout,
  findStart,
  latestStart,
  newBrowserRecord,
  parseBrowserRecord,
  startLifetimeMs,
  withStart,
  withUsedLink,
} from './start-record.ts'
export type { BrowserRecord, Start, UsedLink } from './start-record.ts'
export { lifetimeInWords, resolveLinkLifetimes } from './link-lifetime.ts'
export type { LinkLifetimeOption, LinkLifetimes } from './link-lifetime.ts'
export { createSendGuard, resolveSendLimits } from './send-limits.ts'
export type { SendGuard, SendGuardDeps, SendLimits } from './send-limits.ts'
export {
  madeUpLinkId,
  packPendingSignIn,
  parsePendingSignIn,
  pendingLeftMs,
  pendingLifetimeMs,
} from './pending-record.ts'
export type { PendingSignIn } from './pending-record.ts'
export { createEnchantedBroker } from './enchanted-broker.ts'
export type { BrokerDeps, EnchantedBroker, PendingState } from './enchanted-broker.ts'
export { createNamedEntries } from './named-entries.ts'
export type { NamedEntries } from './named-entries.ts'
export { createHandOver } from './hand-over.ts'
export type { HandOver } from './hand-over.ts'
export { onlyKnown } from '../option-checks.ts'
