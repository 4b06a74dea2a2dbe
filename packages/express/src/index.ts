export { createAuth } from './create-auth.ts'
export type { Auth, AuthOptions } from './create-auth.ts'
export { requireSession } from './require-session.ts'
export type { RequireSessionOptions, SignedOutPolicy } from './require-session.ts'
export { getAuth, getSession } from './guard.ts'
export type { Middleware } from './guard.ts'
export type { AcceptedUpgrade, RefusedUpgrade, Upgrade } from './upgrade.ts'
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
