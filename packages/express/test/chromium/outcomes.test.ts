import { outcomesInChromium } from '@linkpass/testing/adapter-suite/chromium/outcomes'
import { express5 } from '../express-adapter.ts'

outcomesInChromium(express5)
