import { backAfterSignOutInChromium } from '@linkpass/testing/adapter-suite/chromium/back-after-sign-out'
import { cookiesInChromium } from '@linkpass/testing/adapter-suite/chromium/cookies'
import { endedSessionsInChromium } from '@linkpass/testing/adapter-suite/chromium/ended-sessions'
import { sessionRoutesInChromium } from '@linkpass/testing/adapter-suite/chromium/session-routes'
import { hono } from '../hono-adapter.ts'

backAfterSignOutInChromium(hono)
cookiesInChromium(hono)
endedSessionsInChromium(hono)
sessionRoutesInChromium(hono)
