import type { Choice } from './choice.ts'
import { linkChoices } from './links.ts'
import { sessionChoices } from './sessions.ts'

/** Every point that no source settles, in the order of the journey. */
export const choices: readonly Choice[] = [...linkChoices, ...sessionChoices]
