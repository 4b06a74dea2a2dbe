import { type Html, html } from './html.ts'
import { type FormTarget, type PageSite, hiddenFields, layout } from './layout.ts'

/** How a visitor may receive a link. */
export type SignInMethod = 'email' | 'sms' | 'whatsapp' | 'enchanted'

/** What the sign-in page offers and shows. */
export interface SignInModel {
  /**
   * At least one. Each has a button, in this order; the Enter key submits the first. Where both addresses
   * and numbers are offered, the first button is for either, and sends no `method`: see
   * {@link methodsOfEither}.
   */
  readonly methods: readonly SignInMethod[]
  readonly mode: 'sign-up-or-in' | 'sign-in' | 'sign-up'
  /** Sends `loginId`, `method` and the target's own fields, such as `returnTo`. */
  readonly magicLink: FormTarget
  /** Where the button of an enchanted link posts the same form instead. */
  readonly enchantedLinkAction: string
  /** What was typed before, so that the user need not type it again. */
  readonly loginId?: string
  /** Whether that is not an address (or number), so that the page shows what one looks like. */
  readonly mistaken?: boolean
}

/**
 * The methods that one button stands for, so that Enter works for an address and for a number: the one
 * for addresses, by a magic link if it is offered, and the first one for numbers. Empty unless both are
 * offered.
 */
export function methodsOfEither(methods: readonly SignInMethod[]): readonly SignInMethod[] {
  const byMail = methods.includes('email') ? 'email' : methods.find(isByMail)
  const byPhone = methods.find((method) => !isByMail(method))
  return byMail === undefined || byPhone === undefined ? [] : [byMail, byPhone]
}

/** Whether a link goes to an e-mail address. */
export function isByMail(method: SignInMethod): boolean {
  return method === 'email' || method === 'enchanted'
}

/** The page where a sign-in begins: one field, and one button for each way to get a link. */
export function signInPage(site: PageSite, model: SignInModel): string {
  const either = methodsOfEither(model.methods)
  const single = model.methods.filter((method) => !either.includes(method))
  const hasEither = either.length > 0
  const title = model.mode === 'sign-up' ? 'Create your account' : 'Sign in'
  return layout(site, {
    title,
    ...(model.mistaken === true && { tab: `Error: ${title}` }),
    body: html`
      <p class="lead">${leads[model.mode]}</p>
      <form method="post" action="${model.magicLink.action}">
        ${hiddenFields(model.magicLink)} ${field(model)}
        ${hasEither && html`<button class="primary">Continue</button>`}
        ${single.map((method, index) => button(model, method, index === 0 && !hasEither))}
      </form>
    `,
    offersInbox: true,
  })
}

const leads: Readonly<Record<SignInModel['mode'], string>> = {
  'sign-up-or-in': 'No password needed. New here? The same link creates your account.',
  'sign-in': 'No password needed: we send you a link to open.',
  'sign-up': 'No password to choose: we send you a link to open.',
}

const labels: Readonly<Record<SignInMethod, string>> = {
  email: 'Email me a link',
  sms: 'Text me a link',
  whatsapp: 'Send a link on WhatsApp',
  enchanted: 'Approve from another device',
}

function button(model: SignInModel, method: SignInMethod, first: boolean): Html {
  return html`<button
    class="${first ? 'primary' : 'secondary'}"
    name="method"
    value="${method === 'enchanted' ? 'email' : method}"
    ${method === 'enchanted' && html`formaction="${model.enchantedLinkAction}"`}
  >
    ${labels[method]}
  </button>`
}

function field({ methods, loginId = '', mistaken = false }: SignInModel): Html {
  const { label, type, autocomplete, hint, mistake } = fieldFor(methods)
  const describedBy = [hint !== undefined && 'hint', mistaken && 'mistake'].filter(Boolean)
  return html`<div class="field">
    <label for="login-id">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="hint">${hint}</p>`}
    ${mistaken && html`<p class="mistake" id="mistake">${mistake}</p>`}
    <input
      id="login-id"
      name="loginId"
      type="${type}"
      autocomplete="${autocomplete}"
      autocapitalize="none"
      spellcheck="false"
      maxlength="320"
      required
      value="${loginId}"
      ${describedBy.length > 0 && html`aria-describedby="${describedBy.join(' ')}"`}
      ${mistaken && html`aria-invalid="true" autofocus`}
    />
  </div>`
}

interface Field {
  readonly label: string
  readonly type: 'email' | 'tel' | 'text'
  readonly autocomplete: 'email' | 'tel' | 'username'
  readonly hint?: string
  readonly mistake: string
}

const emailField: Field = {
  label: 'Email address',
  type: 'email',
  autocomplete: 'email',
  mistake: 'Enter a full address, such as name@example.com.',
}

const phoneField: Field = {
  label: 'Phone number',
  type: 'tel',
  autocomplete: 'tel',
  hint: 'Start with the country code, such as +44.',
  mistake: 'Enter a full number, such as +44 7700 900123.',
}

const eitherField: Field = {
  label: 'Email address or phone number',
  type: 'text',
  autocomplete: 'username',
  hint: 'Start a number with its country code, such as +44.',
  mistake: 'Enter a full address or number, such as name@example.com or +44 7700 900123.',
}

function fieldFor(methods: readonly SignInMethod[]): Field {
  if (methodsOfEither(methods).length > 0) return eitherField
  return methods.every(isByMail) ? emailField : phoneField
}
