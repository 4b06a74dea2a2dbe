import { magicLinkCases } from '@linkpass/testing/adapter-suite/magic-link'
import { hono } from '../hono-adapter.ts'

magicLinkCases(hono)
