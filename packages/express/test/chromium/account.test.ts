import { accountInChromium } from '@linkpass/testing/adapter-suite/chromium/account'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) accountInChromium(adapter)
