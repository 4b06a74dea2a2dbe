import { deploymentInChromium } from '@linkpass/testing/adapter-suite/chromium/deployment'
import { hono } from '../hono-adapter.ts'

deploymentInChromium(hono)
