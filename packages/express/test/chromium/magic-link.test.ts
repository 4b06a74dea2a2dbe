import { magicLinkInChromium } from '@linkpass/testing/adapter-suite/chromium/magic-link'
import { oneBrowserInChromium } from '@linkpass/testing/adapter-suite/chromium/one-browser'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) {
  magicLinkInChromium(adapter)
  oneBrowserInChromium(adapter)
}
