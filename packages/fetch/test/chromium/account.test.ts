import { accountInChromium } from '@linkpass/testing/adapter-suite/chromium/account'
import { hono } from '../hono-adapter.ts'

accountInChromium(hono)
