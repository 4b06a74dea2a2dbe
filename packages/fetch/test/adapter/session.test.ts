import { sessionCases } from '@linkpass/testing/adapter-suite/session'
import { hono } from '../hono-adapter.ts'

sessionCases(hono)
