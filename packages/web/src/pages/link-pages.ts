/** The pages behind a link, for a browser that did not ask for it. */
import { type Fragment, type Html, html } from './html.ts'
import {
  type FormTarget,
  type Page,
  address,
  lifetimeLine,
  postForm,
  strong,
  wayOn,
} from './layout.ts'
import type { Texts } from './messages/texts.ts'

interface RequestFacts {
  /** The account, masked. */
  readonly account?: string | undefined
  /** The browser, such as `Firefox on Linux`. */
  readonly browser?: string | undefined
  readonly secondsAgo?: number | undefined
  /** The code of the screen that waits must be typed, as `code`, so that it goes on there. */
  readonly code?: { readonly mistaken: boolean } | undefined
}

export interface ApproveModel extends RequestFacts {
  /** Sends `decision=approve` or `decision=refuse` besides the target's own fields. */
  readonly decide: FormTarget
}

/**
 * The page behind a numbered link of an enchanted mail. Only the button approves, and with a code that stands
 * on the waiting screen alone, so that neither a scanner that opens links nor one that sends forms does (T-31).
 */
export function approvePage(model: ApproveModel): Page {
  return (texts, { brand, linkLifetimes }) => {
    const { text } = texts
    return {
      title: text('approve.title'),
      icon: 'shield',
      lead: text('approve.lead', { app: strong(brand.name) }),
      body: html`
        ${requestFacts(texts, model)}
        <p>${text('approve.question')}</p>
        ${postForm(model.decide, [
          codeField(texts, text('approve.codeHint'), model),
          html`<button class="primary" name="decision" value="approve">
              ${text('approve.yes')}
            </button>
            <button class="secondary" name="decision" value="refuse" formnovalidate>
              ${text('approve.no')}
            </button>`,
        ])}
      `,
      aside: lifetimeLine(texts, linkLifetimes.enchanted),
    }
  }
}

/** What the confirmation page shows. The account of a step-up or a change is masked. */
export interface ConfirmModel extends RequestFacts {
  /** What the link does once it is confirmed. */
  readonly kind: keyof typeof names
  readonly verify: FormTarget
  /** The user who is signed in in this browser, if any. A confirmed sign-in may replace them. */
  readonly signedInAs?: string
  /** The new address or number of a change, masked. */
  readonly address?: string
  /** Whether the confirmation came from a browser that sent no cookie back. */
  readonly withoutCookies?: boolean
}

const names = {
  'sign-in': 'signIn',
  'step-up': 'stepUp',
  'change-email': 'email',
  'change-phone': 'phone',
} as const

/**
 * The page behind a link that was opened in another browser than the one that requested it. Nothing is
 * redeemed until it is confirmed (T-30). It names the app and says what the button does on this device (T-32);
 * that of a change names the account, and that of a step-up asks for the code of the screen that waits.
 */
export function confirmPage(model: ConfirmModel): Page {
  const { code, kind, signedInAs, withoutCookies = false } = model
  const name = code ? 'otherDevice' : names[kind]
  // Whether the link still works is known only once it is redeemed, so the page does not say.
  const heading = withoutCookies && !code ? 'cookies' : name
  return (texts, { brand, linkLifetimes }) => {
    const { text } = texts
    const isSwitch = kind === 'sign-in' && signedInAs !== undefined
    return {
      title: text(`confirm.${heading}Title`, { app: brand.name }),
      icon: code ? 'shield' : withoutCookies ? 'triangle' : 'door',
      lead: text(`confirm.${heading}Lead`, { app: code ? strong(brand.name) : brand.name }),
      body: [
        code ? requestFacts(texts, model) : changeFacts(texts, model),
        isSwitch &&
          html`<p class="notice">${text('confirm.switch', { user: address(signedInAs) })}</p>`,
        wayOn(model.verify, text(`confirm.${name}`), {
          above: codeField(texts, text('confirm.otherDeviceHint'), model),
        }),
      ],
      aside: html`${lifetimeLine(texts, linkLifetimes.magic)}
        <p>${text(code ? 'confirm.otherDeviceNotYou' : 'confirm.notYou')}</p>`,
    }
  }
}

/**
 * The page after a change that was confirmed in another browser than the one that requested it. It signs no user
 * in.
 *
 * @param to the new address or number, masked
 * @param account the address or number by which the account is known, masked
 */
export function changedPage(changed: 'email' | 'phone', to: string, account: string): Page {
  return ({ text }, { brand, pages }) => {
    const app = brand.name
    const values = { app, account: address(account), address: address(to) }
    return {
      title: text(`changed.${changed}Title`),
      icon: 'tick',
      lead: text(`changed.${changed}Lead`, values),
      body: html`<p>${text('changed.goBack')}</p>
        ${wayOn({ url: pages.afterSignIn }, text('action.goToApp', { app }))}`,
      aside: html`<p>${text('changed.notYours')}</p>`,
    }
  }
}

function requestFacts(
  { text, ago }: Texts,
  { account, browser, secondsAgo }: RequestFacts,
): Html | undefined {
  // It was named in English when the request was made, and no name of a browser has the word in it.
  const [name = '', system] = browser?.split(' on ', 2) ?? []
  const from = system === undefined ? browser : text('request.browser', { browser: name, system })
  const justNow = secondsAgo !== undefined && secondsAgo < 60
  return factList([
    [text('request.account'), account],
    [text('request.from'), from],
    [text('request.when'), justNow ? text('request.justNow') : secondsAgo && ago(secondsAgo)],
  ])
}

function changeFacts(
  { text }: Texts,
  { kind, account, address: changed }: ConfirmModel,
): Html | undefined {
  if (!kind.startsWith('change-')) return undefined
  return factList([
    [text('request.account'), account],
    [text(kind === 'change-phone' ? 'request.newPhone' : 'request.newEmail'), changed],
  ])
}

/** Terms with their values, without those that are not known. */
function factList(facts: readonly (readonly [term: Html, value: Fragment])[]): Html | undefined {
  const known = facts.filter(([, value]) => value !== undefined)
  if (known.length === 0) return undefined
  return html`<dl class="facts">
    ${known.map(
      ([term, value]) =>
        html`<dt>${term}</dt>
          <dd><bdi>${value}</bdi></dd>`,
    )}
  </dl>`
}

/** The field for the code of the screen that waits; undefined where it need not be typed. */
function codeField({ text }: Texts, hint: Html, { code }: RequestFacts): Html | undefined {
  if (code === undefined) return undefined
  const { mistaken } = code
  return html`<div class="field">
    <label for="code">${text('code.label')}</label>
    <p class="hint" id="hint">${hint}</p>
    ${mistaken && html`<p class="mistake" id="mistake">${text('code.mistake')}</p>`}
    <input
      id="code"
      name="code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      pattern="[\\p{Nd}\\s\\-]{4,12}"
      maxlength="12"
      required
      aria-describedby="${mistaken ? 'hint mistake' : 'hint'}"
      ${mistaken && html`aria-invalid="true" autofocus`}
    />
  </div>`
}
