import { backAfterSignOutInChromium } from '@linkpass/testing/adapter-suite/chromium/back-after-sign-out'
import { cookiesInChromium } from '@linkpass/testing/adapter-suite/chromium/cookies'
import { endedSessionsInChromium } from '@linkpass/testing/adapter-suite/chromium/ended-sessions'
import { sessionRoutesInChromium } from '@linkpass/testing/adapter-suite/chromium/session-routes'
import { express5 } from '../express-adapter.ts'

backAfterSignOutInChromium(express5)
cookiesInChromium(express5)
endedSessionsInChromium(express5)
sessionRoutesInChromium(express5)
