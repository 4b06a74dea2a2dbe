import { failingStoreCases } from '@linkpass/testing/adapter-suite/deployment/failing-store'
import { hono } from '../test/hono-adapter.ts'

failingStoreCases(hono)
