import { faultyNetworkCases } from '@linkpass/testing/adapter-suite/deployment/faulty-network'
import { express5 } from '../express-adapter.ts'

faultyNetworkCases(express5)
