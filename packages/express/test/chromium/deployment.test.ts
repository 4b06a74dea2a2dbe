import { deploymentInChromium } from '@linkpass/testing/adapter-suite/chromium/deployment'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) deploymentInChromium(adapter)
