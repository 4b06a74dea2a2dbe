import { faultyNetworkCases } from '@linkpass/testing/adapter-suite/deployment/faulty-network'
import { hono } from '../hono-adapter.ts'

faultyNetworkCases(hono)
