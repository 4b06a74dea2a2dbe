import { type Page, lifetimeLine, wayOn } from './layout.ts'
import type { IconName } from './theme/icons.ts'

/**
 * The last page of a flow on this device, where nothing is left to do.
 *
 * @param url where to go from here @default to sign in, or where the app begins
 */
export function donePage(kind: keyof typeof kinds, url?: string): Page {
  const [text, icon, label, next] = kinds[kind]
  return (texts, { brand, linkLifetimes, pages }) => ({
    title: texts.text(`${text}Title`),
    icon,
    lead: texts.text(`${text}Lead`),
    body: [
      kind === 'sent' && lifetimeLine(texts, linkLifetimes.magic),
      wayOn({ url: url ?? pages[next] }, texts.text(label, { app: brand.name })),
    ],
  })
}

// The texts of its title and lead, its icon, the text of its button, and where that leads.
const kinds = {
  approved: ['done.approved', 'tick', 'action.goToApp', 'afterSignIn'],
  refused: ['done.refused', 'tick', 'action.goToApp', 'afterSignIn'],
  completed: ['done.tooLate', 'triangle', 'action.signIn', 'signIn'],
  sent: ['inbox.unknown', 'envelope', 'inbox.another', 'signIn'],
  'session-ended': ['done.sessionEnded', 'door', 'action.signIn', 'signIn'],
  'signed-out': ['done.signedOut', 'tick', 'action.signInAgain', 'signIn'],
} as const satisfies Readonly<Record<string, readonly [string, IconName, string, string]>>
