import { html } from './html.ts'
import { type Page, lifetimeLine, linkButton } from './layout.ts'
import type { MessageKey } from './messages/en.ts'
import type { IconName } from './theme/icons.ts'

/** How a request ended, where nothing is left to do on this device. */
export type DoneKind = keyof typeof kinds

/** What the page shows. */
export interface DoneModel {
  readonly kind: DoneKind
  /** Where to go from here: for most kinds to sign in, else where the app begins. */
  readonly url: string
  /** How long a sent link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/** The last page of a flow on this device. */
export function donePage({ kind, url, lifetimeMinutes }: DoneModel): Page {
  const { title, lead, icon, label } = kinds[kind]
  return (texts, { brand }) => ({
    title: texts.text(title),
    icon,
    body: html`
      <p class="lead">${texts.text(lead)}</p>
      ${lifetimeLine(texts, lifetimeMinutes)}
      ${linkButton(url, texts.text(label, { app: brand.name }))}
    `,
  })
}

interface Kind {
  readonly title: MessageKey
  readonly lead: MessageKey
  readonly icon: IconName
  readonly label: MessageKey
}

const kinds = {
  approved: {
    title: 'done.approvedTitle',
    lead: 'done.approvedLead',
    icon: 'tick',
    label: 'action.goToApp',
  },
  refused: {
    title: 'done.refusedTitle',
    lead: 'done.refusedLead',
    icon: 'tick',
    label: 'action.goToApp',
  },
  completed: {
    title: 'done.tooLateTitle',
    lead: 'done.tooLateLead',
    icon: 'triangle',
    label: 'action.signIn',
  },
  sent: {
    title: 'inbox.unknownTitle',
    lead: 'inbox.unknownLead',
    icon: 'envelope',
    label: 'inbox.another',
  },
  'session-ended': {
    title: 'done.sessionEndedTitle',
    lead: 'done.sessionEndedLead',
    icon: 'door',
    label: 'action.signIn',
  },
  'signed-out': {
    title: 'done.signedOutTitle',
    lead: 'done.signedOutLead',
    icon: 'tick',
    label: 'action.signInAgain',
  },
} as const satisfies Readonly<Record<string, Kind>>
