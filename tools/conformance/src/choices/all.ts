import type { Choice } from './choice.ts'
import { linkChoices } from './links.ts'
import { managementChoices } from './management.ts'
import { sessionChoices } from './sessions.ts'

/** Every point that no source documents, in the order of a sign-in. */
export const choices: readonly Choice[] = [...linkChoices, ...sessionChoices, ...managementChoices]
