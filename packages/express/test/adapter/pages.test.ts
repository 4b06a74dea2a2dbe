import { pageCases } from '@linkpass/testing/adapter-suite/pages'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) pageCases(adapter)
