import { type Html, html } from './html.ts'
import { type Page, type WayForward, buttonForm, linkButton } from './layout.ts'
import type { Texts } from './messages/texts.ts'
import type { IconName } from './theme/icons.ts'

/** What went wrong, as far as a visitor needs to know. */
export type ErrorKind = keyof typeof kinds

/** What the error page says. */
export interface ErrorModel {
  readonly kind: ErrorKind
  readonly forward: WayForward
  /** Whole seconds to wait, when the response has a Retry-After. */
  readonly retryAfterSeconds?: number | undefined
}

/** The page for every failure: a plain sentence, and one way on. */
export function errorPage(model: ErrorModel): Page {
  const { kind } = model
  return (texts, { brand }) => ({
    title: texts.text(`error.${kind}.title`),
    icon: kinds[kind][0],
    body: html`
      <p class="lead">${texts.text(`error.${kind}.lead`)}</p>
      ${waitLine(texts, model)} ${wayOn(texts, model, brand.name)}
    `,
  })
}

// If there is a button, the script counts down on it, and the line would repeat that.
function waitLine({ text, fromNow }: Texts, model: ErrorModel): Html | undefined {
  const { retryAfterSeconds: seconds, forward } = model
  if (seconds === undefined) return undefined
  const line = html`<p class="quiet">${text('error.wait', { when: fromNow(seconds) })}</p>`
  return 'action' in forward ? html`<noscript>${line}</noscript>` : line
}

function wayOn({ text }: Texts, model: ErrorModel, app: string): Html {
  const { forward, kind, retryAfterSeconds: seconds } = model
  const label = text(kinds[kind][1], { app })
  if ('url' in forward) return linkButton(forward.url, label)
  if (seconds === undefined) return buttonForm(forward, label)
  const countdown = { seconds, label: text('action.tryAgainIn', { time: '{time}' }) }
  return buttonForm(forward, label, { countdown })
}

// Its icon, and the text of its button.
const kinds = {
  'link-used-or-expired': ['triangle', 'action.newLink'],
  'link-unknown': ['triangle', 'action.newLink'],
  'not-approved': ['triangle', 'action.startAgain'],
  'attempt-refused': ['cross', 'action.startAgain'],
  'attempt-ended': ['triangle', 'action.signIn'],
  'send-refused': ['cross', 'action.startAgain'],
  'code-refused': ['cross', 'action.startAgain'],
  'bad-request': ['triangle', 'action.startAgain'],
  'cross-site': ['triangle', 'action.signIn'],
  'not-enabled': ['triangle', 'action.goBack'],
  'too-many': ['clock', 'action.tryAgain'],
  unavailable: ['clock', 'action.tryAgain'],
  'sign-in-failed': ['cross', 'action.newLink'],
  'not-allowed': ['cross', 'action.goToApp'],
} as const satisfies Readonly<Record<string, readonly [IconName, `action.${string}`]>>
