import { accountCases } from '@linkpass/testing/adapter-suite/account'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) accountCases(adapter)
