import { attacksInChromium } from '@linkpass/testing/adapter-suite/chromium/attacks'
import { hostileInputInChromium } from '@linkpass/testing/adapter-suite/chromium/hostile-input'
import { express5 } from '../express-adapter.ts'

attacksInChromium(express5)
hostileInputInChromium(express5)
