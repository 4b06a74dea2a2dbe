/** The cases that every adapter passes: over HTTP, and in Chromium. */
import { accountCases } from './account.ts'
import type { TestAdapter } from './adapter.ts'
import { accountInChromium } from './chromium/account.ts'
import { attacksInChromium } from './chromium/attacks.ts'
import { backAfterSignOutInChromium } from './chromium/back-after-sign-out.ts'
import { cookiesInChromium } from './chromium/cookies.ts'
import { enchantedLinkInChromium } from './chromium/enchanted-link.ts'
import { deploymentInChromium } from './chromium/deployment.ts'
import { endedSessionsInChromium } from './chromium/ended-sessions.ts'
import { hostileInputInChromium } from './chromium/hostile-input.ts'
import { magicLinkInChromium } from './chromium/magic-link.ts'
import { oneBrowserInChromium } from './chromium/one-browser.ts'
import { outcomesInChromium } from './chromium/outcomes.ts'
import { sessionRoutesInChromium } from './chromium/session-routes.ts'
import { deploymentCases } from './deployment.ts'
import { faultyNetworkCases } from './deployment/faulty-network.ts'
import { instanceCases } from './deployment/instances.ts'
import { enchantedLinkCases } from './enchanted-link.ts'
import { hostileCases } from './hostile.ts'
import { magicLinkCases } from './magic-link.ts'
import { pageCases } from './pages.ts'
import { sessionCases } from './session.ts'
import { longConnectionCases } from './session/long-connections.ts'

export type * from './adapter.ts'
export { startTestApp } from './start-test-app.ts'
export type { AppParts, MountedApp } from './start-test-app.ts'

/**
 * Registers all HTTP cases for an adapter. A package with several adapters registers the groups in
 * a file each, so that they run in parallel.
 */
export function runAdapterSuite(adapter: TestAdapter): void {
  magicLinkCases(adapter)
  enchantedLinkCases(adapter)
  sessionCases(adapter)
  longConnectionCases(adapter)
  accountCases(adapter)
  deploymentCases(adapter)
  instanceCases(adapter)
  faultyNetworkCases(adapter)
  hostileCases(adapter)
  pageCases(adapter)
}

/** Registers all Chromium cases for an adapter; they are skipped where there is no Chromium. */
export function runBrowserSuite(adapter: TestAdapter): void {
  accountInChromium(adapter)
  attacksInChromium(adapter)
  backAfterSignOutInChromium(adapter)
  cookiesInChromium(adapter)
  deploymentInChromium(adapter)
  enchantedLinkInChromium(adapter)
  endedSessionsInChromium(adapter)
  hostileInputInChromium(adapter)
  magicLinkInChromium(adapter)
  oneBrowserInChromium(adapter)
  outcomesInChromium(adapter)
  sessionRoutesInChromium(adapter)
}
