import { html } from './html.ts'
import { type Page, type WayForward, wayOn } from './layout.ts'
import type { IconName } from './theme/icons.ts'

/** What went wrong, as far as a visitor needs to know. */
export type ErrorKind = keyof typeof kinds

/**
 * The page for every failure: a plain sentence, and one way on.
 *
 * @param seconds whole seconds to wait, when the response has a Retry-After
 */
export function errorPage(kind: ErrorKind, forward: WayForward, seconds?: number): Page {
  const [icon, label] = kinds[kind]
  return ({ text, fromNow }, { brand }) => {
    const wait =
      seconds !== undefined &&
      html`<p class="quiet">${text('error.wait', { when: fromNow(seconds) })}</p>`
    const countdown =
      seconds === undefined
        ? undefined
        : { seconds, label: text('action.tryAgainIn', { time: '{time}' }) }
    return {
      title: text(`error.${kind}.title`),
      icon,
      lead: text(`error.${kind}.lead`),
      body: [
        // If there is a button, the script counts down on it, and the line would repeat that.
        wait && 'action' in forward ? html`<noscript>${wait}</noscript>` : wait,
        wayOn(forward, text(label, { app: brand.name }), { countdown }),
      ],
    }
  }
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
