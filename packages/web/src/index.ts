export { createWebAuth, type WebAuth } from './create-auth.ts'
export type { AccountOptions, AuthOptions, LinkLifetimeOption, SignInMode } from './options.ts'
export type { PagePaths } from './paths.ts'
export type { UserAccount } from './account/user-account.ts'
export type { AccountChangeEvent, Hooks, LinkRequest, SignIn, SignOut } from './attempt/hooks.ts'
export type { AttemptKind } from './attempt/state.ts'
export type { RequestReader } from './request/request-reader.ts'
export type { FailureEvent, OwnResponse, WebResponse } from './response/response.ts'
export { setCookieLine, setCookieLines, type CookieRecord } from './response/cookies.ts'
export type { Serve } from './serve.ts'

export { requireBearerSession } from './guard/require-session.ts'
export {
  guardSetup,
  type FailurePolicy,
  type GuardOptions,
  type GuardSetup,
} from './guard/guard-options.ts'
export type { Guard, GuardDecision } from './guard/guard.ts'
export type { AccessRule, RequiredNames } from './guard/access.ts'
export type { UpgradeDecision } from './guard/upgrade.ts'
export { getAuth, getSession } from './guard/identify.ts'

export { FailureError } from './failure-error.ts'
export { responseTo, type Failure, type FailureCode, type FailureResponse } from './failure.ts'

export type { PrepareLinkOptions, PreparedLink } from './attempt/attempt.ts'
export type { SendLimitOptions, SendLimits } from './attempt/limits.ts'
export type { ConfirmPolicy } from './magic-link/decide.ts'
export type { MessageOverrides } from './pages/messages/catalogue.ts'
export type { MessageKey } from './pages/messages/en.ts'
export type { SignInMethod } from './pages/layout.ts'
export type { BrandOptions } from './pages/theme/brand.ts'
export type { CookieNameOptions, CookieNames, CookieOptions } from './response/cookie-policy.ts'
export { reportedError, type RedeemedEvent, type RefusedEvent, type SentEvent } from './report.ts'
export type { GuardEvent } from './guard/guard.ts'
