import { type Html, html } from './html.ts'
import type { IconName } from './theme/icons.ts'
import { type FormTarget, type PageSite, hiddenFields, layout } from './layout.ts'
import type { WaitingModel } from './waiting-page.ts'
import { lifetimeLine } from './lifetime-line.ts'

/** What the check-inbox page shows. */
export interface CheckInboxModel {
  readonly method: 'email' | 'sms' | 'whatsapp'
  /** What the link is for. @default a sign-in */
  readonly purpose?: 'step-up' | 'update' | undefined
  /** Where the link went: as it was typed in this browser. */
  readonly address: string
  /** Where another address can be typed, or the page that a signed-in user came from. */
  readonly changeUrl: string
  /** Requests another link to the same address. */
  readonly resend: FormTarget
  /** Whole seconds until another link may be requested; 0 for at once. */
  readonly resendInSeconds: number
  /** How long the link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
  /** The code that confirms a step-up where the link is opened in another browser. */
  readonly elsewhere?: Pick<WaitingModel, 'code' | 'statusUrl' | 'complete'> | undefined
}

/** The page after a link was sent: where it went, and what to do if it does not arrive. */
export function checkInboxPage(site: PageSite, model: CheckInboxModel): string {
  const { title, icon, sent, tip } = words[model.method]
  return layout(site, {
    title,
    icon,
    body: html`
      <p class="lead">
        ${sent} <strong class="address">${model.address}</strong>.
        ${endings[model.purpose ?? 'sign-in']}
      </p>
      ${model.elsewhere && codeElsewhere(model.elsewhere)}
      ${lifetimeLine(model.lifetimeMinutes) ?? html`<p class="quiet">It works once, for a short time.</p>`}
      ${resendForm(model)}
    `,
    aside: html`<p>${tip}</p>
      <p><a href="${model.changeUrl}">${changeLabel(model)}</a></p>`,
    offersInbox: true,
    ...(model.elsewhere && { refreshSeconds: 5 }),
  })
}

// The script follows it as on the waiting page.
function codeElsewhere({ code, ...urls }: NonNullable<CheckInboxModel['elsewhere']>): Html {
  return html`<div
    class="waiting"
    data-status-url="${urls.statusUrl}?code=shown"
    data-complete-url="${urls.complete.action}"
  >
    <p>Opened it on another device? Type this code there, and never tell anyone:</p>
    <p class="number code">${code}</p>
    <p class="status" role="status">
      <span class="pulse" aria-hidden="true"></span>
      <span data-status>Waiting for you to open the link</span>
    </p>
  </div>`
}

const endings = {
  'sign-in': 'Open it on this device to sign in.',
  'step-up': 'Open it on this device to continue.',
  update: 'Open it to make the change.',
} as const

function changeLabel({ purpose, method }: CheckInboxModel): string {
  if (purpose !== undefined) return 'Go back'
  return method === 'email' ? 'Use another address' : 'Use another number'
}

interface Words {
  readonly title: string
  readonly icon: IconName
  readonly sent: string
  readonly tip: string
}

const words: Readonly<Record<CheckInboxModel['method'], Words>> = {
  email: {
    title: 'Check your inbox',
    icon: 'envelope',
    sent: 'We sent a link to',
    tip: 'Nothing yet? Check your spam folder, and check the address for typing errors.',
  },
  sms: {
    title: 'Check your phone',
    icon: 'phone',
    sent: 'We texted a link to',
    tip: 'Nothing yet? Check the number and its country code.',
  },
  whatsapp: {
    title: 'Check WhatsApp',
    icon: 'phone',
    sent: 'We sent a WhatsApp message with a link to',
    tip: 'Nothing yet? Check the number and its country code.',
  },
}

// Without script the button works at once, and the server responds if it is too soon.
function resendForm(model: CheckInboxModel): Html {
  return html`<form method="post" action="${model.resend.action}">
    ${hiddenFields(model.resend)}
    <button class="secondary" data-ready-in="${model.resendInSeconds}">Send another link</button>
  </form>`
}
