import type { TestAdapter } from './adapter.ts'
import { beforeRedeemingCases } from './magic-link/before-redeeming.ts'
import { confirmationCases } from './magic-link/confirmation.ts'
import { linkLifetimeCases } from './magic-link/link-lifetime.ts'
import { redemptionCases } from './magic-link/redemption.ts'
import { redemptionLimitCases } from './magic-link/redemption-limits.ts'
import { linkStateCases } from './magic-link/link-state.ts'
import { loginIdCases } from './magic-link/login-ids.ts'
import { prepareLinkCases } from './magic-link/prepare-link.ts'
import { magicLinkRequestCases } from './magic-link/requests.ts'
import { sendLimitCases } from './magic-link/send-limits.ts'
import { signInCases } from './magic-link/sign-in.ts'

/** Signing in by a magic link. */
export function magicLinkCases(adapter: TestAdapter): void {
  signInCases(adapter)
  magicLinkRequestCases(adapter)
  loginIdCases(adapter)
  prepareLinkCases(adapter)
  sendLimitCases(adapter)
  confirmationCases(adapter)
  beforeRedeemingCases(adapter)
  redemptionCases(adapter)
  redemptionLimitCases(adapter)
  linkLifetimeCases(adapter)
  linkStateCases(adapter)
}
