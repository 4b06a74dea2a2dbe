import { type RequestFacts, codeField, factList, requestFacts } from './approval-form.ts'
import { type Html, html } from './html.ts'
import {
  type FormTarget,
  type Page,
  address,
  buttonForm,
  hiddenFields,
  lifetimeLine,
  strong,
} from './layout.ts'
import type { Texts } from './messages/texts.ts'

/** What the confirmation page shows. The account of a step-up or a change is masked. */
export interface ConfirmModel extends RequestFacts {
  /** What the link does once it is confirmed. */
  readonly kind: 'sign-in' | 'step-up' | 'change-email' | 'change-phone'
  /** The request that redeems the token. */
  readonly verify: FormTarget
  /** The user who is signed in in this browser, if any. A confirmed sign-in may replace them. */
  readonly signedInAs?: string
  /** The code of the screen that waits must be typed, so that the step-up goes on there. */
  readonly code?: { readonly mistaken: boolean }
  /** The new address or number of a change, masked. */
  readonly address?: string
  /** Whether the confirmation came from a browser that sent no cookie back. */
  readonly withoutCookies?: boolean
  /** How long the link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/**
 * The page behind a link that was opened in another browser than the one that requested it: by the
 * user on another device, by a mail scanner, by another user to whom it was forwarded. Nothing is
 * redeemed until it is confirmed (T-30). The page names the app and says what the button does on this
 * device (T-32), and a change names the account. A step-up asks for the code of the screen that waits.
 */
export function confirmPage(model: ConfirmModel): Page {
  if (model.code !== undefined) return codePage(model, model.code)
  const { kind, signedInAs, withoutCookies = false } = model
  const name = names[kind]
  return (texts, { brand }) => {
    const { text } = texts
    const app = brand.name
    const title = withoutCookies
      ? text('confirm.cookiesTitle')
      : text(`confirm.${name}Title`, { app })
    // Whether the link still works is known only once it is redeemed, so the page does not say.
    const lead = withoutCookies ? text('confirm.cookiesLead') : text(`confirm.${name}Lead`, { app })
    const isSwitch = kind === 'sign-in' && signedInAs !== undefined
    return {
      title,
      icon: withoutCookies ? 'triangle' : 'door',
      body: html`
        <p class="lead">${lead}</p>
        ${changeFacts(texts, model)}
        ${
          isSwitch &&
          html`<p class="notice">${text('confirm.switch', { user: address(signedInAs) })}</p>`
        }
        ${buttonForm(model.verify, text(`confirm.${name}`))}
      `,
      aside: html`${lifetimeLine(texts, model.lifetimeMinutes)}
        <p>${text('confirm.notYou')}</p>`,
    }
  }
}

const names = {
  'sign-in': 'signIn',
  'step-up': 'stepUp',
  'change-email': 'email',
  'change-phone': 'phone',
} as const

function codePage(model: ConfirmModel, { mistaken }: { readonly mistaken: boolean }): Page {
  return (texts, { brand }) => ({
    title: texts.text('confirm.otherDeviceTitle'),
    icon: 'shield',
    body: html`
      <p class="lead">${texts.text('confirm.otherDeviceLead', { app: strong(brand.name) })}</p>
      ${requestFacts(texts, model)}
      <form method="post" action="${model.verify.action}">
        ${hiddenFields(model.verify)}
        ${codeField(texts, texts.text('confirm.otherDeviceHint'), mistaken)}
        <button class="primary">${texts.text('confirm.otherDevice')}</button>
      </form>
    `,
    aside: html`${lifetimeLine(texts, model.lifetimeMinutes)}
      <p>${texts.text('confirm.otherDeviceNotYou')}</p>`,
  })
}

function changeFacts(
  texts: Texts,
  { kind, account, address: changed }: ConfirmModel,
): Html | false {
  if (account === undefined || changed === undefined || !kind.startsWith('change-')) return false
  return factList(texts, {
    'request.account': account,
    [kind === 'change-phone' ? 'request.newPhone' : 'request.newEmail']: changed,
  })
}
