import { outcomesInChromium } from '@linkpass/testing/adapter-suite/chromium/outcomes'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) outcomesInChromium(adapter)
