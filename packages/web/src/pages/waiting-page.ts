import { type Html, html } from './html.ts'
import { type Page, address, strong, wayOn } from './layout.ts'
import type { Texts } from './messages/texts.ts'
import { webmailLink } from './webmail.ts'

export type WaitingState = 'pending' | 'approved' | keyof typeof endings

/** What the waiting page shows, and what its script requests. Times are in whole seconds. */
export interface WaitingModel {
  readonly state: WaitingState
  /** The number whose link is the right one. */
  readonly linkId: string
  /** The code to type on the other device, once a link was opened there. */
  readonly code?: string
  /** Where the mail went, as it was typed in this browser. */
  readonly address: string
  /**
   * Below which `/status` responds with `{ "state", "code"? }` as JSON, after at most half a minute, and
   * `/complete` completes an approved attempt: 303 for a form, `{ "redirectTo": path }` for a JSON client.
   * The paths are no secret, since the cookie of this browser is needed too.
   */
  readonly routes: string
  readonly startAgainUrl: string
  /** Whole seconds until the page stops waiting, and how many it had at first. */
  readonly expiresInSeconds: number
  readonly lifetimeSeconds: number
  /** Whether the links expire at that time, as far as is known. */
  readonly linkEnds: boolean
}

/**
 * The number to choose; then the code to type, so that one figure is asked for at a time. The script goes on by
 * itself. Without it the page reloads every five seconds, and shows a button once the attempt is approved.
 */
export function waitingPage(model: WaitingModel): Page {
  if (model.state === 'approved') return approvedPage(model)
  if (model.state !== 'pending') return endedPage(model, model.state)
  return figurePage(model)
}

// A link may also have been opened by a mail scanner, so the number stays on the page with the code.
function figurePage(model: WaitingModel): Page {
  const { code, linkId: number, routes } = model
  const [kind, style] =
    code === undefined ? (['number', 'number'] as const) : (['code', 'number code'] as const)
  const figure = code ?? number
  return (texts) => {
    const { text } = texts
    const startAgain = html`<a href="${model.startAgainUrl}">${text('waiting.startAgain')}</a>`
    const values = { number, code: figure, address: address(model.address), startAgain }
    return {
      title: text(`waiting.${kind}Title`, values),
      tab: text('waiting.tab', { figure }),
      figure: dial(model, html`<span class="${style}" aria-hidden="true">${figure}</span>`),
      lead: text(`waiting.${kind}Lead`, { ...values, number: strong(number) }),
      body: [
        code === undefined && webmailLink(texts, model.address),
        waitingStatus(texts, {
          routes,
          isCodeShown: code !== undefined,
          status: text(`waiting.${kind}Status`, values),
          below: timeLeft(texts, model),
        }),
      ],
      aside: html`<p>${text(`waiting.${kind}Tip`, values)}</p>`,
      refreshSeconds: 5,
      offersInbox: true,
    }
  }
}

// The longest wait is an hour: "another 60 minutes".
function timeLeft({ text, duration }: Texts, { expiresInSeconds, linkEnds }: WaitingModel): Html {
  const key = linkEnds ? 'waiting.linkTime' : 'waiting.pageTime'
  return html`<p
    class="quiet"
    data-expires-in="${expiresInSeconds}"
    data-counting="${text(key, { time: '{time}' })}"
    data-over="${text('waiting.timeUp')}"
  >
    ${text(key, { time: duration(Math.min(expiresInSeconds, 3599)) })}
  </p>`
}

/** A part of a page that the script follows. It reloads the page once there is a code to show. */
export interface WaitingStatus {
  readonly routes: WaitingModel['routes']
  readonly isCodeShown: boolean
  readonly status: Html
  readonly above?: Html
  readonly below?: Html
}

/** What the script looks for, with its texts. */
export function waitingStatus({ text }: Texts, waiting: WaitingStatus): Html {
  return html`<div
    class="waiting"
    data-status-url="${waiting.routes}/status${waiting.isCodeShown && '?code=shown'}"
    data-complete-url="${waiting.routes}/complete"
    data-offline="${text('waiting.offline')}"
    data-approved="${text('waiting.approved')}"
    data-completing="${text('waiting.signingIn')}"
  >
    ${waiting.above}
    <p class="status" role="status">
      <span class="pulse" aria-hidden="true"></span>
      <span data-status>${waiting.status}</span>
    </p>
    ${waiting.below}
  </div>`
}

// The ring empties as time passes. Its length counts as 100, so an offset is a percentage.
function dial(model: WaitingModel, figure: Html): Html {
  const left = Math.min(1, model.expiresInSeconds / Math.max(1, model.lifetimeSeconds))
  return html`<div class="dial">
    <svg viewBox="0 0 120 120" aria-hidden="true">
      <circle class="dial-track" cx="60" cy="60" r="56" />
      <circle
        class="dial-time"
        cx="60"
        cy="60"
        r="56"
        pathLength="100"
        stroke-dasharray="100"
        stroke-dashoffset="${(100 - left * 100).toFixed(1)}"
        data-lifetime="${model.lifetimeSeconds}"
      />
    </svg>
    ${figure}
  </div>`
}

function approvedPage({ routes }: WaitingModel): Page {
  return ({ text }) => ({
    title: text('waiting.approved'),
    icon: 'tick',
    lead: text('waiting.approvedLead'),
    body: wayOn({ action: `${routes}/complete` }, text('action.continue')),
  })
}

const endings = {
  refused: ['waiting.refusedTitle', 'waiting.refusedLead', 'cross'],
  'code-refused': ['waiting.refusedTitle', 'waiting.codeRefusedLead', 'cross'],
  expired: ['waiting.expiredTitle', 'waiting.expiredLead', 'triangle'],
} as const

function endedPage({ startAgainUrl }: WaitingModel, state: keyof typeof endings): Page {
  const [title, lead, icon] = endings[state]
  return ({ text }) => ({
    title: text(title),
    icon,
    lead: text(lead),
    body: wayOn({ url: startAgainUrl }, text('action.startAgain')),
  })
}
