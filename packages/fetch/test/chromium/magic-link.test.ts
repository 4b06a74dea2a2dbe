import { magicLinkInChromium } from '@linkpass/testing/adapter-suite/chromium/magic-link'
import { oneBrowserInChromium } from '@linkpass/testing/adapter-suite/chromium/one-browser'
import { hono } from '../hono-adapter.ts'

magicLinkInChromium(hono)
oneBrowserInChromium(hono)
