export {
  createDescopeClient,
  createDescopeClient as default,
  type CallLimits,
  type ClientSettings,
  type DescopeClient,
} from './client.ts'
export type { ClientOptions, TokenNames } from './options.ts'
export type { Logger } from './log.ts'
export { clientOptionsFromEnv } from './env.ts'

export type { ByDeliveryMethod, MagicLink, UpdatePhone } from './calls/magic-link.ts'
export type { EnchantedLink, EnchantedLinkVerifyOptions } from './calls/enchanted-link.ts'
export type { WaitForSession, WaitOptions } from './calls/wait-for-session.ts'
export type { SignIn, SignUp, SignUpOrIn, UpdateAddress } from './calls/link-calls.ts'
export type { Account, LogoutOptions } from './calls/account.ts'

export type * from './model/api.ts'
export type * from './model/claims.ts'
export type * from './model/outcome.ts'

export type { RefreshedSession, ValidatedSession } from './session/session-checks.ts'
export type { Health } from './session/sessions.ts'
export type { TokenRecord } from './session/revocation/revocation.ts'
export type { AdminRevocation } from './session/revocation/admin-revocation.ts'
export type { EndScope } from './session/decide.ts'
export type { EndedSession, EndSession, TokensToEnd } from './session/end-session.ts'
export type { SessionEnd } from './session/revocation/session-watch.ts'
export type { Authorization } from './model/authorization.ts'

export { unwrap, type CallError, type Result } from './result.ts'
export {
  KeySetError,
  LinkpassError,
  RequestError,
  ServiceError,
  StoreError,
  TokenError,
  type AnyLinkpassError,
  type ErrorCode,
} from './errors.ts'

export { systemClock, type Clock } from './clock.ts'
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.ts'
export type { StateStore, StoreCall } from './store/state-store.ts'

export type {
  ClockSkewEvent,
  KeysFreshEvent,
  KeysStaleEvent,
  RequestEndEvent,
  RequestErrorEvent,
  RequestStartEvent,
  RevocationsBehindEvent,
  RevocationsFollowedEvent,
  SessionRefreshedEvent,
  SessionVerifiedEvent,
  StoreBreakerEvent,
  StoreOperationEvent,
} from './events.ts'
