import { type Html, html } from './html.ts'
import type { IconName } from './theme/icons.ts'
import { type FormTarget, type PageSite, buttonForm, layout } from './layout.ts'

/** What went wrong, as far as a visitor needs to know. */
export type ErrorKind = keyof typeof words

/** What the error page says. */
export interface ErrorModel {
  readonly kind: ErrorKind
  /** The one way on: a page to go to, or the same request once more. */
  readonly forward: { readonly url: string; readonly label?: string } | FormTarget
  /** Whole seconds to wait, when the response has a Retry-After. */
  readonly retryAfterSeconds?: number
}

/** The page for every failure: a plain sentence, and one way on. */
export function errorPage(site: PageSite, model: ErrorModel): string {
  const { title, lead, icon, forward } = words[model.kind]
  const wait = model.retryAfterSeconds
  return layout(site, {
    title,
    icon,
    body: html`
      <p class="lead">${lead}</p>
      ${wait !== undefined && waitLine(model, wait)} ${way(model, forward)}
    `,
  })
}

// If there is a button, the script counts down on it, and the line would repeat that.
function waitLine(model: ErrorModel, seconds: number): Html {
  const line = html`<p class="quiet">You can try again in ${duration(seconds)}.</p>`
  return 'action' in model.forward ? html`<noscript>${line}</noscript>` : line
}

function way(model: ErrorModel, label: string): Html {
  if ('action' in model.forward) return buttonForm(model.forward, label, model.retryAfterSeconds)
  const { url, label: own = label } = model.forward
  return html`<p><a class="primary" href="${url}">${own}</a></p>`
}

interface Words {
  readonly title: string
  readonly lead: string
  readonly icon: IconName
  readonly forward: string
}

const words = {
  'link-used-or-expired': {
    title: 'This link no longer works',
    lead: 'A link works once, for a short time. This one was already used, or has expired.',
    icon: 'broken',
    forward: 'Get a new link',
  },
  'link-unknown': {
    title: 'This link is not valid',
    lead: 'Part of it may be missing, or it is too old. Copy the whole link from the message, or get a new one.',
    icon: 'broken',
    forward: 'Get a new link',
  },
  'not-approved': {
    title: 'Nothing was approved',
    lead: 'Choose only the number that your other screen shows. If you did, the link was already used, or has expired.',
    icon: 'shield',
    forward: 'Start again',
  },
  'attempt-refused': {
    title: 'This sign-in was stopped',
    lead: 'It was answered with “No, this was not me”, so no one was signed in, and it can’t be approved any more. If it was yours, start again.',
    icon: 'shield',
    forward: 'Start again',
  },
  'attempt-ended': {
    title: 'This link is no longer valid',
    lead: 'The user who requested it has signed out since, or it is too old. Nothing was changed. Sign in and request it again.',
    icon: 'broken',
    forward: 'Sign in',
  },
  'send-refused': {
    title: 'No link was sent',
    lead: 'This site did not accept the request. If you think that it should, contact its operator.',
    icon: 'shield',
    forward: 'Start again',
  },
  'code-refused': {
    title: 'This request was stopped',
    lead: 'Two wrong codes were typed, so nothing was done, and it can’t be approved any more. If it was yours, start again.',
    icon: 'shield',
    forward: 'Start again',
  },
  'bad-request': {
    title: 'The request was not valid',
    lead: 'Something in the request was not as expected, so nothing was done.',
    icon: 'broken',
    forward: 'Start again',
  },
  'cross-site': {
    title: 'Please start here',
    lead: 'The request came from another site, so nothing was done.',
    icon: 'shield',
    forward: 'Go to sign-in',
  },
  'not-enabled': {
    title: 'This can’t be changed here',
    lead: 'This app does not offer that change on its pages, so nothing was done.',
    icon: 'shield',
    forward: 'Go back',
  },
  'too-many': {
    title: 'Please wait a moment',
    lead: 'To protect accounts and inboxes, the number of requests is limited. A link that was sent before still works.',
    icon: 'clock',
    forward: 'Try again',
  },
  unavailable: {
    title: 'Sign-in is temporarily unavailable',
    lead: 'This is a problem on our side, and it should pass soon. Signed-in users stay signed in.',
    icon: 'clock',
    forward: 'Try again',
  },
  'sign-in-failed': {
    title: 'Sign-in didn’t finish',
    lead: 'You were not signed in. This is a problem on our side. A new link may help; if it does not, contact the operator of this site.',
    icon: 'broken',
    forward: 'Get a new link',
  },
  'not-allowed': {
    title: 'You can’t open this page',
    lead: 'You are signed in, but your account has no access to it.',
    icon: 'shield',
    forward: 'Go to the start page',
  },
} as const satisfies Readonly<Record<string, Words>>

function duration(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
