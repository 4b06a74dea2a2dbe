import { type Html, html } from './html.ts'
import { type Page, type WayForward, address, lifetimeText, wayOn } from './layout.ts'
import type { Texts } from './messages/texts.ts'
import { type SignedIn, signedInText } from './sign-in-page.ts'
import { webmailLink } from './webmail.ts'
import { type WaitingModel, waitingStatus } from './waiting-page.ts'

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
  /** The code that confirms a step-up where the link is opened in another browser. */
  readonly elsewhere?: Pick<WaitingModel, 'code' | 'routes'> | undefined
  readonly signedIn?: SignedIn | undefined
  readonly sessionUrl?: string | undefined
}

/** The page after a link was sent: where it went, what to do with it, and what if it does not arrive. */
export function checkInboxPage(model: CheckInboxModel): Page {
  const { elsewhere, method, purpose = 'sign-in', sessionUrl, signedIn } = model
  return (texts, { linkLifetimes }) => {
    const { text } = texts
    const sent = text(`inbox.${method}Sent`, { address: address(model.address) })
    const rest = {
      aside: html`<p><a href="${model.changeUrl}">${changeLabel(texts, model)}</a></p>`,
      offersInbox: true,
    }
    // The user may have opened the link in another tab, or wait for one of another account.
    if (signedIn !== undefined) {
      return {
        title: text('signedIn.title'),
        icon: 'tick',
        lead: signedInText(texts, signedIn.user),
        body: [wayOn({ url: signedIn.url }, text('action.continue')), instead(texts, model, sent)],
        ...rest,
      }
    }
    return {
      title: text(`inbox.${method}Title`),
      icon: method === 'email' ? 'envelope' : 'phone',
      lead: html`${sent} ${text(endings[purpose])}`,
      body: html`
        ${elsewhere && codeElsewhere(texts, elsewhere)} ${webmailLink(texts, model.address)}
        <p class="quiet">${lifetimeText(texts, linkLifetimes.magic)}</p>
        ${instead(texts, model, text(method === 'email' ? 'inbox.emailTip' : 'inbox.phoneTip'))}
      `,
      sessionUrl,
      ...(elsewhere && { refreshSeconds: 5 }),
      ...rest,
    }
  }
}

/** The way to another link, below what is said of the one that was sent. */
function instead({ text }: Texts, { resend, resendInSeconds }: CheckInboxModel, said: Html): Html {
  const label = text('url' in resend ? 'action.newLink' : 'inbox.resend')
  const counting = text('inbox.resendIn', { time: '{time}' })
  return html`<div class="instead">
    <p class="quiet">${said}</p>
    ${wayOn(resend, label, {
      style: 'secondary',
      countdown: { seconds: resendInSeconds, label: counting },
    })}
  </div>`
}

const endings = {
  'sign-in': 'inbox.toSignIn',
  'step-up': 'inbox.toContinue',
  update: 'inbox.toChange',
} as const

// The script follows it as on the waiting page.
function codeElsewhere(texts: Texts, elsewhere: NonNullable<CheckInboxModel['elsewhere']>): Html {
  const { text } = texts
  const { code, routes } = elsewhere
  return waitingStatus(texts, {
    routes,
    isCodeShown: true,
    status: text('inbox.codeStatus'),
    above: html`<p>${text('inbox.codeElsewhere')}</p>
      <p class="number code">${code}</p>`,
  })
}

function changeLabel({ text }: Texts, { purpose, method }: CheckInboxModel): Html {
  if (purpose !== undefined) return text('action.goBack')
  return text(method === 'email' ? 'inbox.otherEmail' : 'inbox.otherPhone')
}
