import { codeField, factList } from './approval-form.ts'
import { type Html, html } from './html.ts'
import { type FormTarget, type PageSite, buttonForm, hiddenFields, layout } from './layout.ts'
import { lifetimeLine } from './lifetime-line.ts'

/** What the confirmation page shows. */
export interface ConfirmModel {
  /** What the link does once it is confirmed. */
  readonly kind: 'sign-in' | 'step-up' | 'change-email' | 'change-phone'
  /** The request that redeems the token. */
  readonly verify: FormTarget
  /** The user who is signed in in this browser, if any. A confirmed sign-in may replace them. */
  readonly signedInAs?: string
  /** The account that a step-up or a change is about, masked. */
  readonly account?: string
  /** The code of the screen that waits must be typed, so that the step-up goes on there. */
  readonly code?: { readonly mistaken: boolean }
  /** The browser that asked ("Firefox on Linux"), and when ("2 minutes ago"). */
  readonly requestedFrom?: string | undefined
  readonly requestedAt?: string
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
export function confirmPage(site: PageSite, model: ConfirmModel): string {
  if (model.code !== undefined) return codePage(site, model, model.code)
  const { label, ...asked } = words[model.kind](site.brand.name)
  const { title, lead } = model.withoutCookies === true ? cookiesNeeded : asked
  return layout(site, {
    title,
    icon: model.withoutCookies === true ? 'shield' : 'door',
    body: html`
      <p class="lead">${lead}</p>
      ${model.account !== undefined && changeFacts(model, model.account)}
      ${
        model.kind === 'sign-in' &&
        model.signedInAs !== undefined &&
        html`<p class="notice">
          You are signed in here as <strong class="address">${model.signedInAs}</strong>. If the
          link is for another account, you will switch to it.
        </p>`
      }
      ${buttonForm(model.verify, label)}
    `,
    aside: html`${lifetimeLine(model.lifetimeMinutes)}
      <p>Didn’t request this? Close this page. Nothing will happen.</p>`,
  })
}

function codePage(
  site: PageSite,
  model: ConfirmModel,
  { mistaken }: { mistaken: boolean },
): string {
  return layout(site, {
    title: 'Confirm it’s you on another device?',
    icon: 'shield',
    body: html`
      <p class="lead">
        Another device that is signed in to <strong>${site.brand.name}</strong> waits for you to
        confirm that it’s you.
      </p>
      ${factList([
        ['Account', model.account],
        ['Requested from', model.requestedFrom],
        ['When', model.requestedAt],
      ])}
      <form method="post" action="${model.verify.action}">
        ${hiddenFields(model.verify)}
        ${codeField('Four digits. They stand on the screen where you requested this link.', mistaken)}
        <button class="primary">Confirm on that device</button>
      </form>
    `,
    aside: html`${lifetimeLine(model.lifetimeMinutes)}
      <p>Didn’t request this? Close this page. Never type a code that someone else tells you.</p>`,
  })
}

function changeFacts({ kind, address }: ConfirmModel, account: string): Html | false {
  if (address === undefined || !kind.startsWith('change-')) return false
  return factList([
    ['Account', account],
    [`New ${kind === 'change-phone' ? 'number' : 'address'}`, address],
  ])
}

interface Words {
  readonly title: string
  readonly lead: string
  readonly label: string
}

const cookiesNeeded = {
  title: 'Allow cookies, then try again',
  lead: 'Your browser did not keep the cookie of this site, so you would not stay signed in. The link was not used. Allow cookies, then use the button again.',
} as const

const words: Readonly<Record<ConfirmModel['kind'], (app: string) => Words>> = {
  'sign-in': (app) => ({
    title: `Sign in to ${app}?`,
    // Whether the link still works is known only once it is redeemed, so the page does not say.
    lead: 'Use the button to sign in on this device.',
    label: 'Sign in on this device',
  }),
  'step-up': (app) => ({
    title: 'Confirm it’s you',
    lead: `${app} needs you to confirm that it’s you before you continue.`,
    label: 'Confirm and continue',
  }),
  'change-email': (app) => change(app, 'address'),
  'change-phone': (app) => change(app, 'number'),
}

function change(app: string, thing: 'address' | 'number'): Words {
  return {
    title: `Confirm your new ${thing}`,
    lead: `Confirm only if this is your own account of ${app}. It will have this ${thing} from now on.`,
    label: `Use this ${thing}`,
  }
}
