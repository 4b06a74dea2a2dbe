import { attacksInChromium } from '@linkpass/testing/adapter-suite/chromium/attacks'
import { hostileInputInChromium } from '@linkpass/testing/adapter-suite/chromium/hostile-input'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) {
  attacksInChromium(adapter)
  hostileInputInChromium(adapter)
}
