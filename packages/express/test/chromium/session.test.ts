import { cookiesInChromium } from '@linkpass/testing/adapter-suite/chromium/cookies'
import { sessionRoutesInChromium } from '@linkpass/testing/adapter-suite/chromium/session-routes'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) {
  cookiesInChromium(adapter)
  sessionRoutesInChromium(adapter)
}
