import { type Html, html } from './html.ts'
import { type FormTarget, type Site, hiddenFields, layout } from './layout.ts'

/** What a visitor may ask for. */
export type SignInMethod = 'email' | 'sms' | 'whatsapp' | 'enchanted'

export interface SignInModel {
  /** At least one. One button each, in this order; the Enter key asks for the first. */
  readonly methods: readonly SignInMethod[]
  readonly mode: 'sign-up-or-in' | 'sign-in' | 'sign-up'
  /** Gets `loginId`, `method` and the target's own fields, such as `returnTo`. */
  readonly magicLink: FormTarget
  /** Where the button of an enchanted link posts the same form instead. */
  readonly enchantedLinkAction: string
  /** What was typed before, so that nobody types it twice. */
  readonly loginId?: string
  /** What was wrong with it, as a sentence. */
  readonly problem?: string
}

/** Where everybody begins: one field, and one button for each way to get a link. */
export function signInPage(site: Site, model: SignInModel): string {
  const title = model.mode === 'sign-up' ? 'Create your account' : 'Sign in'
  return layout(site, {
    title,
    ...(model.problem !== undefined && { tab: `Error: ${title}` }),
    body: html`
      <p class="lead">${leads[model.mode]}</p>
      <form method="post" action="${model.magicLink.action}">
        ${hiddenFields(model.magicLink)} ${field(model)}
        ${model.methods.map((method, index) => button(model, method, index === 0))}
      </form>
    `,
    offersInbox: true,
  })
}

const leads: Readonly<Record<SignInModel['mode'], string>> = {
  'sign-up-or-in': 'No password needed. New here? The same link makes your account.',
  'sign-in': 'No password needed: we send you a link, and you open it.',
  'sign-up': 'No password to choose: we send you a link, and you open it.',
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

function field(model: SignInModel): Html {
  const { label, type, autocomplete, hint } = fieldFor(model.methods)
  const describedBy = [hint !== undefined && 'hint', model.problem !== undefined && 'problem']
  return html`<div class="field">
    <label for="login-id">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="hint">${hint}</p>`}
    ${model.problem !== undefined && html`<p class="problem" id="problem">${model.problem}</p>`}
    <input
      id="login-id"
      name="loginId"
      type="${type}"
      autocomplete="${autocomplete}"
      autocapitalize="none"
      spellcheck="false"
      maxlength="320"
      required
      value="${model.loginId ?? ''}"
      ${describedBy.some(Boolean) && html`aria-describedby="${describedBy.filter(Boolean).join(' ')}"`}
      ${model.problem !== undefined && html`aria-invalid="true" autofocus`}
    />
  </div>`
}

interface Field {
  readonly label: string
  readonly type: 'email' | 'tel' | 'text'
  readonly autocomplete: string
  readonly hint?: string
}

function fieldFor(methods: readonly SignInMethod[]): Field {
  const mails = methods.some((method) => method === 'email' || method === 'enchanted')
  const phones = methods.some((method) => method === 'sms' || method === 'whatsapp')
  const hint = 'Start a number with its country code, such as +44.'
  if (!phones) return { label: 'Email address', type: 'email', autocomplete: 'email' }
  if (!mails) return { label: 'Phone number', type: 'tel', autocomplete: 'tel', hint }
  return { label: 'Email address or phone number', type: 'text', autocomplete: 'username', hint }
}
