import { attacksInChromium } from '@linkpass/testing/adapter-suite/chromium/attacks'
import { hostileInputInChromium } from '@linkpass/testing/adapter-suite/chromium/hostile-input'
import { hono } from '../hono-adapter.ts'

attacksInChromium(hono)
hostileInputInChromium(hono)
