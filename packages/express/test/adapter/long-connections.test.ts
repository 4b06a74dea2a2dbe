import { longConnectionCases } from '@linkpass/testing/adapter-suite/session/long-connections'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) longConnectionCases(adapter)
