import { hostileCases } from '@linkpass/testing/adapter-suite/hostile'
import { hono } from '../hono-adapter.ts'

hostileCases(hono)
