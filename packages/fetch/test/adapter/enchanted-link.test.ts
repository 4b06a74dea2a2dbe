import { enchantedLinkCases } from '@linkpass/testing/adapter-suite/enchanted-link'
import { hono } from '../hono-adapter.ts'

enchantedLinkCases(hono)
