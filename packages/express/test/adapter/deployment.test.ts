import { deploymentCases } from '@linkpass/testing/adapter-suite/deployment'
import { instanceCases } from '@linkpass/testing/adapter-suite/deployment/instances'
import { expressAdapters, express4, express5 } from '../express-adapter.ts'

for (const adapter of expressAdapters) deploymentCases(adapter)
instanceCases(express4, express5)
