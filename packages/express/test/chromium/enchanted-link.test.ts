import { enchantedLinkInChromium } from '@linkpass/testing/adapter-suite/chromium/enchanted-link'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) enchantedLinkInChromium(adapter)
