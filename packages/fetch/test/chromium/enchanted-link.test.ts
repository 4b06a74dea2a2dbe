import { enchantedLinkInChromium } from '@linkpass/testing/adapter-suite/chromium/enchanted-link'
import { hono } from '../hono-adapter.ts'

enchantedLinkInChromium(hono)
