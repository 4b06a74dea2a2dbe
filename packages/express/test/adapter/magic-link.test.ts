import { magicLinkCases } from '@linkpass/testing/adapter-suite/magic-link'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) magicLinkCases(adapter)
