import { deploymentCases } from '@linkpass/testing/adapter-suite/deployment'
import { instanceCases } from '@linkpass/testing/adapter-suite/deployment/instances'
import { hono } from '../hono-adapter.ts'

deploymentCases(hono)
instanceCases(hono)
