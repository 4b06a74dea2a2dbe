export { createAuth } from './create-auth.ts'
export type { Account, Auth, AuthOptions, PreparedLink, Upgrade } from './create-auth.ts'
export { requireSession } from './require-session.ts'
export type { RequireSessionOptions, SignedOutPolicy } from './require-session.ts'
export { getAuth, getSession } from './guard.ts'
export type { ForResponse, OptionalGuard, SessionGuard, SignedIn, Visitor } from './guard.ts'
export type { ConnectionInfo } from './request-reader.ts'
export { FailureError } from '@linkpass/web'
export type {
  AccountChangeEvent,
  AccountOptions,
  AttemptKind,
  BrandOptions,
  FailureEvent,
  LinkRequest,
  MessageKey,
  MessageOverrides,
  OwnResponse,
  PagePaths,
  PrepareLinkOptions,
  SendLimits,
  SignIn,
  SignInMethod,
  SignInMode,
  SignOut,
  UserAccount,
} from '@linkpass/web'
