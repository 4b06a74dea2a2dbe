import { type Html, html } from './html.ts'
import { type Page, type WayForward, buttonForm, delayedForm, linkButton } from './layout.ts'
import type { Texts } from './messages/texts.ts'
import type { IconName } from './theme/icons.ts'

/** What went wrong, as far as a visitor needs to know. */
export type ErrorKind = keyof typeof kinds

/** What the error page says. */
export interface ErrorModel {
  readonly kind: ErrorKind
  readonly forward: WayForward
  /** Whole seconds to wait, when the response has a Retry-After. */
  readonly retryAfterSeconds?: number
}

/** The page for every failure: a plain sentence, and one way on. */
export function errorPage(model: ErrorModel): Page {
  const { kind } = model
  return (texts, { brand }) => ({
    title: texts.text(`error.${kind}.title`),
    icon: kinds[kind].icon,
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
  const { forward, kind, retryAfterSeconds: readyInSeconds = 0 } = model
  const label = text(kinds[kind].forward, { app })
  if ('url' in forward) return linkButton(forward.url, label)
  if (readyInSeconds === 0) return buttonForm(forward, label)
  const labels = { label, counting: text('action.tryAgainIn', { time: '{time}' }) }
  return delayedForm(forward, labels, { style: 'primary', readyInSeconds })
}

interface Kind {
  readonly icon: IconName
  readonly forward: `action.${string}`
}

const kinds = {
  'link-used-or-expired': { icon: 'triangle', forward: 'action.newLink' },
  'link-unknown': { icon: 'triangle', forward: 'action.newLink' },
  'not-approved': { icon: 'triangle', forward: 'action.startAgain' },
  'attempt-refused': { icon: 'cross', forward: 'action.startAgain' },
  'attempt-ended': { icon: 'triangle', forward: 'action.signIn' },
  'send-refused': { icon: 'cross', forward: 'action.startAgain' },
  'code-refused': { icon: 'cross', forward: 'action.startAgain' },
  'bad-request': { icon: 'triangle', forward: 'action.startAgain' },
  'cross-site': { icon: 'triangle', forward: 'action.signIn' },
  'not-enabled': { icon: 'triangle', forward: 'action.goBack' },
  'too-many': { icon: 'clock', forward: 'action.tryAgain' },
  unavailable: { icon: 'clock', forward: 'action.tryAgain' },
  'sign-in-failed': { icon: 'cross', forward: 'action.newLink' },
  'not-allowed': { icon: 'cross', forward: 'action.goToApp' },
} as const satisfies Readonly<Record<string, Kind>>
