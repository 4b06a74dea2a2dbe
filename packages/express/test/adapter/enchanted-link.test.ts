import { enchantedLinkCases } from '@linkpass/testing/adapter-suite/enchanted-link'
import { expressAdapters } from '../express-adapter.ts'

for (const adapter of expressAdapters) enchantedLinkCases(adapter)
