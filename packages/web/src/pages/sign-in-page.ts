import { type Html, html } from './html.ts'
import { type Page, type PageSite, type SignInMethod, address, postForm, wayOn } from './layout.ts'
import type { MessageKey } from './messages/en.ts'
import type { Texts } from './messages/texts.ts'

export interface SignInModel {
  readonly returnTo: string
  /** What was typed before, so that the user need not type it again. */
  readonly loginId?: string
  /** Whether that is not an address (or number), so that the page shows what one looks like. */
  readonly mistaken?: boolean
  readonly signedIn?: SignedIn | undefined
  readonly sessionUrl?: string | undefined
}

/** A user who is signed in already, perhaps in another tab. */
export interface SignedIn {
  /** An address or a name, where that is known. */
  readonly user: string | undefined
  readonly url: string
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

export function isByMail(method: SignInMethod): boolean {
  return method === 'email' || method === 'enchanted'
}

/** The page where a sign-in begins: one field, and one button for each way to get a link. */
export function signInPage(model: SignInModel): Page {
  // A signed-in user most likely wants to go on.
  const first = model.signedIn ? 'secondary' : 'primary'
  return (texts, site) => {
    const { text } = texts
    const { basePath, methods, mode } = site
    const either = methodsOfEither(methods)
    const single = methods.filter((method) => !either.includes(method))
    const hasEither = either.length > 0
    const form = { action: `${basePath}/magic-link`, fields: { returnTo: model.returnTo } }
    const title = text(mode === 'sign-up' ? 'signUp.title' : 'signIn.title')
    return {
      title,
      tab: model.mistaken === true && text('signIn.tabOnError', { title }),
      body: html`
        ${model.signedIn && signedInNotice(texts, model.signedIn)}
        <p class="lead">${model.signedIn ? text('signedIn.orSignIn') : text(leads[mode])}</p>
        ${postForm(form, [
          field(texts, methods, model),
          hasEither && html`<button class="${first}">${text('action.continue')}</button>`,
          ...single.map((method, index) =>
            button(texts, site, method, index === 0 && !hasEither ? first : 'secondary'),
          ),
        ])}
      `,
      sessionUrl: model.signedIn ? undefined : model.sessionUrl,
      offersInbox: true,
    }
  }
}

function signedInNotice(texts: Texts, { user, url }: SignedIn): Html {
  return html`<div class="notice">
    <p>${signedInText(texts, user)}</p>
    ${wayOn({ url }, texts.text('action.continue'))}
  </div>`
}

export function signedInText({ text }: Texts, user: string | undefined): Html {
  return user === undefined
    ? text('signedIn.inBrowser')
    : text('signedIn.here', { user: address(user) })
}

const leads = {
  'sign-up-or-in': 'signIn.leadForAll',
  'sign-in': 'signIn.lead',
  'sign-up': 'signUp.lead',
} as const satisfies Readonly<Record<PageSite['mode'], MessageKey>>

const labels = {
  email: 'signIn.byEmail',
  sms: 'signIn.bySms',
  whatsapp: 'signIn.byWhatsapp',
  enchanted: 'signIn.onOtherDevice',
} as const satisfies Readonly<Record<SignInMethod, MessageKey>>

function button(
  { text }: Texts,
  { basePath, methods }: PageSite,
  method: SignInMethod,
  style: 'primary' | 'secondary',
): Html {
  // Where it is the only mail, it serves this device just as well.
  const isOnlyMail = method === 'enchanted' && !methods.includes('email')
  return html`<button
    class="${style}"
    name="method"
    value="${method === 'enchanted' ? 'email' : method}"
    ${method === 'enchanted' && html`formaction="${basePath}/enchanted-link"`}
  >
    ${text(isOnlyMail ? 'signIn.byEmail' : labels[method])}
  </button>`
}

function field(
  { text }: Texts,
  methods: readonly SignInMethod[],
  { loginId = '', mistaken = false }: SignInModel,
): Html {
  const single = methods.every(isByMail) ? 'email' : 'phone'
  const name = methodsOfEither(methods).length > 0 ? 'either' : single
  const [type, autocomplete, hint] = fields[name]
  const describedBy = [hint !== undefined && 'hint', mistaken && 'mistake'].filter(Boolean)
  return html`<div class="field">
    <label for="login-id">${text(`signIn.${name}`)}</label>
    ${hint !== undefined && html`<p class="hint" id="hint">${text(hint)}</p>`}
    ${mistaken && html`<p class="mistake" id="mistake">${text(`signIn.${name}Mistake`)}</p>`}
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

const fields = {
  email: ['email', 'email', undefined],
  phone: ['tel', 'tel', 'signIn.phoneHint'],
  either: ['text', 'username', 'signIn.eitherHint'],
} as const
