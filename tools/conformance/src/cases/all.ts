import type { Case } from './case.ts'
import { frontEndCases } from './front-ends.ts'
import { enchantedLinkCases } from './enchanted-link.ts'
import { magicLinkCases } from './magic-link.ts'
import { managementCases } from './management.ts'
import { sessionCases } from './session.ts'

/** Every call of the surface, in the order of the journey. */
export const cases: readonly Case[] = [
  ...magicLinkCases,
  ...enchantedLinkCases,
  ...sessionCases,
  ...managementCases,
  ...frontEndCases,
]
