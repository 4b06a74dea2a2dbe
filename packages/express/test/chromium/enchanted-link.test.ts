import { enchantedLinkInChromium } from '@linkpass/testing/adapter-suite/chromium/enchanted-link'
import { express5 } from '../express-adapter.ts'

enchantedLinkInChromium(express5)
