import { accountCases } from '@linkpass/testing/adapter-suite/account'
import { hono } from '../hono-adapter.ts'

accountCases(hono)
