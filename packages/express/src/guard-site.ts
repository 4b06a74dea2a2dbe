import type { DescopeClient } from '@linkpass/core'
import { sessionCookies } from '@linkpass/web'
import { writeCookies } from './cookies.ts'
import type { GuardSite } from './guard.ts'
import type { AuthSettings } from './options.ts'
import { reportCookies } from './report.ts'

/** The guard site of one `createAuth`: cookies by its policy, refreshed sessions kept. */
export function guardSiteOf(client: DescopeClient, settings: AuthSettings): GuardSite {
  return {
    client,
    names: settings.cookies.names,
    origin: settings.app.origin,
    refreshes: true,
    keep: (res, outcome) => {
      if (outcome.status !== 'signed-in' || outcome.refreshed === undefined) return undefined
      const now = client.settings.clock.now()
      const decision = sessionCookies(settings.cookies, outcome.refreshed, now)
      if (!decision.ok) {
        reportCookies(decision.failure)
        return decision.failure
      }
      writeCookies(res, decision.cookies)
      return undefined
    },
  }
}
