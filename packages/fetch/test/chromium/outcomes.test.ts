import { outcomesInChromium } from '@linkpass/testing/adapter-suite/chromium/outcomes'
import { hono } from '../hono-adapter.ts'

outcomesInChromium(hono)
