import { hostileCases } from '@linkpass/testing/adapter-suite/hostile'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) hostileCases(adapter)
