import { pageCases } from '@linkpass/testing/adapter-suite/pages'
import { hono } from '../hono-adapter.ts'

pageCases(hono)
