import { runBrowserSuite } from '@linkpass/testing/adapter-suite'
import { express4 } from '../test/express-adapter.ts'

runBrowserSuite(express4)
