import type { TestAdapter } from './adapter.ts'
import { accessCases } from './session/access.ts'
import { adminRevocationCases } from './session/admin-revocation.ts'
import { appErrorCases } from './session/app-errors.ts'
import { cachingCases } from './session/caching.ts'
import { clockSkewCases } from './session/clock-skew.ts'
import { cookieCases } from './session/cookies.ts'
import { guardCases } from './session/guards.ts'
import { logoutCases } from './session/logout.ts'
import { madeUpTokenCases } from './session/made-up-tokens.ts'
import { otherTokenCases } from './session/other-tokens.ts'
import { ownSessionCases } from './session/own-session.ts'
import { refreshCases } from './session/refresh.ts'
import { rotationCases } from './session/rotation.ts'
import { signInOverCases } from './session/sign-in-over.ts'
import { sessionRouteCases } from './session/routes.ts'

/** Sessions: guards, refresh, cookies, and the routes about them. */
export function sessionCases(adapter: TestAdapter): void {
  guardCases(adapter)
  appErrorCases(adapter)
  accessCases(adapter)
  cachingCases(adapter)
  refreshCases(adapter)
  rotationCases(adapter)
  cookieCases(adapter)
  sessionRouteCases(adapter)
  otherTokenCases(adapter)
  logoutCases(adapter)
  madeUpTokenCases(adapter)
  signInOverCases(adapter)
  ownSessionCases(adapter)
  clockSkewCases(adapter)
  adminRevocationCases(adapter)
}
