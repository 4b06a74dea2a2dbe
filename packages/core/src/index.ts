export { createDescopeClient, createDescopeClient as default } from './client.ts'
export type { CallLimits, ClientSettings, DescopeClient } from './client.ts'
export type { ClientOptions, Logger, TokenNames } from './options.ts'
export { clientOptionsFromEnv } from './env.ts'

export type {
  MagicLink,
  MagicLinkSignIn,
  MagicLinkSignUp,
  MagicLinkSignUpOrIn,
  MagicLinkUpdate,
  UpdatePhone,
} from './magic-link.ts'
export type { EnchantedLink, EnchantedLinkVerifyOptions } from './enchanted-link.ts'
export type { WaitForSession, WaitOptions } from './wait-for-session.ts'
export type { SignIn, SignUp, SignUpOrIn, UpdateAddress } from './link-calls.ts'
export type { LoginOptions, SignUpOptions, UpdateOptions } from './model/link-options.ts'
export type {
  DeliveryMethod,
  EnchantedLinkStart,
  MaskedEmail,
  MaskedPhone,
} from './model/delivery.ts'
export type { NewUser, User, UserTenant } from './model/user.ts'
export type { SessionTokens } from './model/session-tokens.ts'

export type { Account, LogoutOptions } from './account.ts'
export type {
  AccessKeyOptions,
  AccessKeySession,
  HistoryEntry,
  MyTenants,
  Nothing,
  Tenant,
} from './model/account-answers.ts'

export type { RefreshedSession, ValidatedSession, ValidationOptions } from './session/sessions.ts'
export type { TokenClaims, ValidatedToken } from './model/claims.ts'
export type {
  AuthOutcome,
  IssuedTokens,
  PresentedTokens,
  Session,
  SignedIn,
  SignedOut,
  SignedOutReason,
  TenantGrants,
  Unavailable,
} from './model/outcome.ts'
export type { Authorization } from './authorization.ts'

export { unwrap } from './result.ts'
export type { CallError, Result } from './result.ts'
export {
  KeySetError,
  LinkpassError,
  RequestError,
  ServiceError,
  StoreError,
  TokenError,
} from './errors.ts'
export type { AnyLinkpassError, ErrorCode } from './errors.ts'

export { systemClock } from './clock.ts'
export type { Clock } from './clock.ts'
export { memoryStore } from './memory-store.ts'
export type { MemoryStoreOptions } from './memory-store.ts'
export type { StateStore } from './state-store.ts'
export type { RequestEndEvent, RequestErrorEvent, RequestStartEvent } from './http/diagnostics.ts'
export type { KeysFreshEvent, KeysStaleEvent } from './session/key-set-events.ts'
