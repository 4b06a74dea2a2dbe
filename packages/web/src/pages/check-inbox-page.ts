import { type Html, html } from './html.ts'
import {
  type Page,
  type WayForward,
  address,
  buttonForm,
  lifetimeText,
  linkButton,
} from './layout.ts'
import type { Texts } from './messages/texts.ts'
import { type SignedIn, signedInText } from './sign-in-page.ts'
import { webmailLink } from './webmail.ts'
import { type WaitingModel, waitingStatus } from './waiting-page.ts'

/** What the check-inbox page shows. */
export interface CheckInboxModel {
  readonly method: 'email' | 'sms' | 'whatsapp'
  /** What the link is for. @default a sign-in */
  readonly purpose?: 'step-up' | 'update' | undefined
  /** Where the link went: as it was typed in this browser. */
  readonly address: string
  /** Where another address can be typed, or the page that a signed-in user came from. */
  readonly changeUrl: string
  /** Requests another link to the same address, or where the user can. */
  readonly resend: WayForward
  /** Whole seconds until another link may be requested; 0 for at once. */
  readonly resendInSeconds: number
  /** How long the link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
  /** The code that confirms a step-up where the link is opened in another browser. */
  readonly elsewhere?: Pick<WaitingModel, 'code' | 'statusUrl' | 'complete'> | undefined
  /** The user who is signed in here by now, and where they go on. */
  readonly signedIn?: SignedIn | undefined
  /** Where the script asks whether a user is signed in by now. */
  readonly sessionUrl?: string | undefined
}

/** The page after a link was sent: where it went, what to do with it, and what if it does not arrive. */
export function checkInboxPage(model: CheckInboxModel): Page {
  const { elsewhere, method, purpose = 'sign-in', sessionUrl, signedIn } = model
  if (signedIn !== undefined) return signedInPage(model, signedIn)
  return (texts) => {
    const { text } = texts
    return {
      title: text(`inbox.${method}Title`),
      icon: method === 'email' ? 'envelope' : 'phone',
      body: html`
        <p class="lead">${sentTo(texts, model)} ${text(endings[purpose])}</p>
        ${elsewhere && codeElsewhere(texts, elsewhere)} ${webmailLink(texts, model.address)}
        <p class="quiet">${lifetimeText(texts, model.lifetimeMinutes)}</p>
        ${notArrived(texts, model)}
      `,
      aside: html`<p><a href="${model.changeUrl}">${changeLabel(texts, model)}</a></p>`,
      offersInbox: true,
      sessionUrl,
      ...(elsewhere && { refreshSeconds: 5 }),
    }
  }
}

// The user may have opened the link in another tab, or wait for one of another account.
function signedInPage(model: CheckInboxModel, { user, url }: SignedIn): Page {
  return (texts) => ({
    title: texts.text('signedIn.title'),
    icon: 'tick',
    body: html`
      <p class="lead">${signedInText(texts, user)}</p>
      ${linkButton(url, texts.text('action.continue'))}
      <div class="instead">
        <p class="quiet">${sentTo(texts, model)}</p>
        ${resendForm(texts, model)}
      </div>
    `,
    aside: html`<p><a href="${model.changeUrl}">${changeLabel(texts, model)}</a></p>`,
    offersInbox: true,
  })
}

function sentTo({ text }: Texts, model: CheckInboxModel): Html {
  return text(`inbox.${model.method}Sent`, { address: address(model.address) })
}

function notArrived(texts: Texts, model: CheckInboxModel): Html {
  return html`<div class="instead">
    <p class="quiet">
      ${texts.text(model.method === 'email' ? 'inbox.emailTip' : 'inbox.phoneTip')}
    </p>
    ${resendForm(texts, model)}
  </div>`
}

function resendForm({ text }: Texts, { resend, resendInSeconds }: CheckInboxModel): Html {
  if ('url' in resend) {
    return html`<p><a class="secondary" href="${resend.url}">${text('action.newLink')}</a></p>`
  }
  const label = text('inbox.resendIn', { time: '{time}' })
  const countdown = { seconds: resendInSeconds, label }
  return buttonForm(resend, text('inbox.resend'), { style: 'secondary', countdown })
}

const endings = {
  'sign-in': 'inbox.toSignIn',
  'step-up': 'inbox.toContinue',
  update: 'inbox.toChange',
} as const

// The script follows it as on the waiting page.
function codeElsewhere(texts: Texts, elsewhere: NonNullable<CheckInboxModel['elsewhere']>): Html {
  const { text } = texts
  const { code, statusUrl, complete } = elsewhere
  return waitingStatus(texts, {
    statusUrl: `${statusUrl}?code=shown`,
    completeUrl: complete.action,
    status: text('inbox.codeStatus'),
    above: html`<p>${text('inbox.codeElsewhere')}</p>
      <p class="number code">${code}</p>`,
  })
}

function changeLabel({ text }: Texts, { purpose, method }: CheckInboxModel): Html {
  if (purpose !== undefined) return text('action.goBack')
  return text(method === 'email' ? 'inbox.otherEmail' : 'inbox.otherPhone')
}
