import { sessionCases } from '@linkpass/testing/adapter-suite/session'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) sessionCases(adapter)
