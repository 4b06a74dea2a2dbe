import { type Html, html } from './html.ts'
import type { IconName } from './theme/icons.ts'
import { type PageSite, buttonForm, layout } from './layout.ts'

/** How an enchanted attempt stands. */
export type WaitingState = 'pending' | 'approved' | 'refused' | 'code-refused' | 'expired'

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
   * Responds with `{ "state", "code"? }` as JSON, after at most half a minute. The address is no secret,
   * since the cookie of this browser is needed too.
   */
  readonly statusUrl: string
  /** Completes an approved attempt: 303 for a form, `{ "redirectTo": path }` for a JSON client. */
  readonly complete: { readonly action: string }
  readonly startAgainUrl: string
  /** Whole seconds until the page stops waiting, and how many it had at first. */
  readonly expiresInSeconds: number
  readonly lifetimeSeconds: number
  /** Whether the links expire at that time, as far as is known. */
  readonly linkEnds: boolean
}

/**
 * The number to choose, very large; then the code to type, so that one figure is asked for at a time. The
 * script asks how the attempt stands and continues by itself.
 * Without script the page reloads every five seconds, and shows a button once it is approved.
 */
export function waitingPage(site: PageSite, model: WaitingModel): string {
  return pages[model.state](site, model)
}

const pages: Readonly<Record<WaitingState, (site: PageSite, model: WaitingModel) => string>> = {
  pending: (site, model) =>
    model.code === undefined ? pendingPage(site, model) : codePage(site, model, model.code),
  approved: approvedPage,
  refused: (site, model) =>
    endedPage(site, model, {
      title: 'This sign-in was stopped',
      lead: 'It was answered with “No, this was not me”.',
      icon: 'shield',
    }),
  'code-refused': (site, model) =>
    endedPage(site, model, {
      title: 'This sign-in was stopped',
      lead: 'Two wrong codes were typed on the other device.',
      icon: 'shield',
    }),
  expired: (site, model) =>
    endedPage(site, model, {
      title: 'The link has expired',
      lead: 'It was not opened in time.',
      icon: 'clock',
    }),
}

function pendingPage(site: PageSite, model: WaitingModel): string {
  return layout(site, {
    title: `Choose ${model.linkId} in the email`,
    tab: `${model.linkId} · Waiting for you`,
    figure: dial(model, html`<span class="number" aria-hidden="true">${model.linkId}</span>`),
    body: html`
      <p class="lead">
        We sent three numbers to <strong class="address">${model.address}</strong>. Open the message
        on any device and choose the number shown here.
      </p>
      ${waitingFor(model, `Waiting for you to choose ${model.linkId}`)}
    `,
    aside: html`<p>
      No message? Check your spam folder, or <a href="${model.startAgainUrl}">start again</a>. Never
      choose a number that someone else tells you.
    </p>`,
    refreshSeconds: 5,
    offersInbox: true,
  })
}

// A link may also have been opened by a mail scanner, so the number stays on the page.
function codePage(site: PageSite, model: WaitingModel, code: string): string {
  return layout(site, {
    title: `Type ${code} on your other device`,
    tab: `${code} · Waiting for you`,
    figure: dial(model, html`<span class="number code" aria-hidden="true">${code}</span>`),
    body: html`
      <p class="lead">
        You chose <strong>${model.linkId}</strong> in the email to
        <strong class="address">${model.address}</strong>? Then type this code there.
      </p>
      ${waitingFor(model, `Waiting for you to type ${code}`)}
    `,
    aside: html`<p>
      Not there yet? Choose ${model.linkId} in the email first, or
      <a href="${model.startAgainUrl}">start again</a>. Never tell anyone this code.
    </p>`,
    refreshSeconds: 5,
    offersInbox: true,
  })
}

// What the script looks for. It reloads the page once there is a code that the page does not show.
function waitingFor(model: WaitingModel, status: string): Html {
  const time = model.linkEnds ? linkTime : waitingTime
  const isCodeShown = model.code !== undefined
  return html`<div
    class="waiting"
    data-status-url="${model.statusUrl}${isCodeShown && '?code=shown'}"
    data-complete-url="${model.complete.action}"
  >
    <p class="status" role="status">
      <span class="pulse" aria-hidden="true"></span>
      <span data-status>${status}</span>
    </p>
    <p class="quiet" data-expires-in="${model.expiresInSeconds}" data-counting="${time.counting}">
      ${time.sentence} ${spoken(model.expiresInSeconds)}.
    </p>
  </div>`
}

const linkTime = { counting: 'Works for another', sentence: 'It works for another' }
const waitingTime = { counting: 'Waiting for another', sentence: 'This page waits for another' }

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

function approvedPage(site: PageSite, model: WaitingModel): string {
  return layout(site, {
    title: 'Approved',
    icon: 'tick',
    body: html`<p class="lead">You approved this sign-in. One more step on this device.</p>
      ${buttonForm(model.complete, 'Continue')}`,
  })
}

function endedPage(
  site: PageSite,
  model: WaitingModel,
  { title, lead, icon }: { readonly title: string; readonly lead: string; readonly icon: IconName },
): string {
  return layout(site, {
    title,
    icon,
    body: html`<p class="lead">${lead} No one was signed in.</p>
      <p><a class="primary" href="${model.startAgainUrl}">Start again</a></p>`,
  })
}

function spoken(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`
  return `${Math.round(seconds / 60)} minutes`
}
