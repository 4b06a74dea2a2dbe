import { type Page, lifetimeLine, wayOn } from './layout.ts'
import type { IconName } from './theme/icons.ts'

/** The last page of a flow on this device, where nothing is left to do. */
export interface DoneModel {
  readonly kind: keyof typeof kinds
  /** Where to go from here: for most kinds to sign in, else where the app begins. */
  readonly url: string
  /** How long a sent link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

export function donePage({ kind, url, lifetimeMinutes }: DoneModel): Page {
  const [text, icon, label] = kinds[kind]
  return (texts, { brand }) => ({
    title: texts.text(`${text}Title`),
    icon,
    lead: texts.text(`${text}Lead`),
    body: [
      lifetimeLine(texts, lifetimeMinutes),
      wayOn({ url }, texts.text(label, { app: brand.name })),
    ],
  })
}

// The texts of its title and lead, its icon, and the text of its button.
const kinds = {
  approved: ['done.approved', 'tick', 'action.goToApp'],
  refused: ['done.refused', 'tick', 'action.goToApp'],
  completed: ['done.tooLate', 'triangle', 'action.signIn'],
  sent: ['inbox.unknown', 'envelope', 'inbox.another'],
  'session-ended': ['done.sessionEnded', 'door', 'action.signIn'],
  'signed-out': ['done.signedOut', 'tick', 'action.signInAgain'],
} as const satisfies Readonly<Record<string, readonly [string, IconName, string]>>
