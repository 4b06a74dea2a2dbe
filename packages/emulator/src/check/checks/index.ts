import type { Check } from '../check.ts'
import { caching } from './caching.ts'
import { cookieFlags } from './cookie-flags.ts'
import { crossSite } from './cross-site.ts'
import { expiry } from './expiry.ts'
import { keyRotation } from './key-rotation.ts'
import { linkOrigin } from './link-origin.ts'
import { logSecrets } from './log-secrets.ts'
import { logout } from './logout.ts'
import { oneRefresh } from './one-refresh.ts'
import { openRedirect } from './open-redirect.ts'
import { scannerSafety } from './scanner-safety.ts'
import { secondBrowser } from './second-browser.ts'
import { serviceOutage } from './service-outage.ts'
import { tokenInUrl } from './token-in-url.ts'
import { usedLink } from './used-link.ts'

/**
 * Every check, in the order in which they run. After a new key, an app that does not get it works no
 * more; what it printed, and the URLs it led to, are read last.
 */
export const checks: readonly Check[] = [
  ...[scannerSafety, secondBrowser, usedLink, linkOrigin, openRedirect, crossSite],
  ...[cookieFlags, caching, expiry, oneRefresh, logout, serviceOutage, keyRotation],
  ...[tokenInUrl, logSecrets],
]
