import type { AccountChangeEvent, LinkRequest, SignIn, SignOut } from '@linkpass/express'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** One thing that happened in the demo. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly text: string
}

/** What happened in the demo, for the list on its pages: newest first. */
export interface History {
  readonly entries: readonly HistoryEntry[]
  linkRequested(link: LinkRequest): void
  linkOpened(): void
  signedIn(signIn: SignIn<object>): void
  accountChanged(change: AccountChangeEvent<object>): void
  signedOut(signOut: SignOut<object>): void
  close(): void
}

/** What the guard and the hooks tell is the app's; what the channels tell is each request to the service. */
export function createHistory(now: () => number): History {
  const entries: HistoryEntry[] = []
  const add = (text: string): void => {
    entries.unshift({ at: now(), text })
    entries.splice(mostEntries)
  }
  const requestEnded = (message: unknown): void => {
    if (isRequestEnd(message)) {
      const { endpoint, status } = message
      add(`The app sent one request to the service: ${endpoint}, with the response ${status}.`)
    }
  }
  subscribe(requests, requestEnded)
  return {
    entries,
    linkRequested: ({ purpose, channel }) =>
      add(
        `Your browser requested a link for ${purposes[purpose]}. ${purpose === 'sign-in' ? signIns[channel] : effects[purpose]}`,
      ),
    linkOpened: () =>
      add(
        'A link was opened. In the browser that requested it, that is enough. In any other, as in a mail scanner, it shows a page with a button, and is not used up.',
      ),
    signedIn: ({ purpose }) =>
      add(
        `The tokens of ${purposes[purpose]} were checked against the keys of the project, and became two cookies that no script can read.`,
      ),
    accountChanged: ({ kind }) => add(`Your ${kinds[kind]} was changed.`),
    signedOut: ({ everywhere }) =>
      add(
        everywhere
          ? 'Every session of the user was ended, on all devices.'
          : 'The session was ended, and its cookies were cleared.',
      ),
    close: () => unsubscribe(requests, requestEnded),
  }
}

function isRequestEnd(message: unknown): message is { endpoint: string; status: number } {
  return typeof message === 'object' && message !== null && 'endpoint' in message
}

const mostEntries = 8
const requests = 'linkpass:request:end'

const purposes = {
  'sign-in': 'a sign-in',
  'step-up': 'a step-up',
  'change-email': 'a change of email address',
  'change-phone': 'a change of phone number',
} as const

const signIns = {
  magic: 'It signs in where it is opened.',
  enchanted: 'It signs in the browser that requested it, wherever it is opened.',
} as const

const madeAnywhere = 'It makes the change, wherever it is opened.'

const effects = {
  'step-up': 'It counts for the browser that requested it.',
  'change-email': madeAnywhere,
  'change-phone': madeAnywhere,
} as const

const kinds = { email: 'email address', phone: 'phone number' } as const
