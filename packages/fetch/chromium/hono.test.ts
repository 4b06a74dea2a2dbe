import { runBrowserSuite } from '@linkpass/testing/adapter-suite'
import { hono } from '../test/hono-adapter.ts'

runBrowserSuite(hono)
