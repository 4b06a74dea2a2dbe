import { accountInChromium } from '@linkpass/testing/adapter-suite/chromium/account'
import { express5 } from '../express-adapter.ts'

accountInChromium(express5)
