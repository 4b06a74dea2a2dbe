import { longConnectionCases } from '@linkpass/testing/adapter-suite/session/long-connections'
import { hono } from '../hono-adapter.ts'

longConnectionCases(hono)
