import { magicLinkInChromium } from '@linkpass/testing/adapter-suite/chromium/magic-link'
import { oneBrowserInChromium } from '@linkpass/testing/adapter-suite/chromium/one-browser'
import { express5 } from '../express-adapter.ts'

magicLinkInChromium(express5)
oneBrowserInChromium(express5)
