import type { DeliveryMethod } from '@linkpass/core'
import { isUserName } from '@linkpass/core/internal'
import type { RouteContext } from '../context.ts'
import { type Failure, responseTo } from '../failure.ts'
import type { SignInMethod } from '../pages/layout.ts'
import { isByMail, signInPage } from '../pages/sign-in-page.ts'
import { returnPath, signInUrl } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { parseLoginId } from '../request/login-id.ts'
import { acceptsPage } from '../request/navigation.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import type { WebResponse } from '../response/response.ts'
import { ownFields, profileFields } from './form-fields.ts'

export type Profile = Readonly<Partial<Record<(typeof profileFields)[number], string>>>

/** What a visitor may say when requesting a link. Everything else is for the server to say. */
export interface SignInForm {
  readonly isEnchanted: boolean
  readonly method: DeliveryMethod
  readonly loginId: string
  readonly returnTo: string
  readonly profile: Profile
  /** The fields that the app named in `extraFields`, as far as they came. */
  readonly extra: Readonly<Record<string, string>>
}

export type SignInFormDecision =
  | { readonly ok: true; readonly form: SignInForm }
  | {
      readonly ok: false
      readonly failure: Failure
      /** What was typed, to be shown again. */
      readonly typed?: ReadonlyMap<string, string>
    }

/**
 * Reads the body of a request for a link. A field that a visitor may not set, such as `loginOptions`
 * or `redirectUrl`, is refused by its name.
 *
 * @param offered the methods of the route. By default it is the first for addresses, if an address was
 *   typed, else the first for phone numbers
 */
export async function readSignInForm(
  context: RouteContext,
  offered: readonly SignInMethod[],
): Promise<SignInFormDecision> {
  const { defaultCountry, extraFields } = context.settings
  const body = await readBody(context, [...ownFields, ...extraFields])
  if (!body.ok) return body
  const { fields } = body
  const fitting = methodFor(fields.get('loginId'), offered)
  const wanted = offeredMethod(fields, fitting === undefined ? offered : [fitting, ...offered])
  if (wanted === undefined) return invalid('method')
  const isEnchanted = wanted === 'enchanted'
  const method = isEnchanted ? 'email' : wanted
  const loginId = await parseLoginId(fields.get('loginId'), method, defaultCountry)
  if (loginId === undefined) return { ...invalid('loginId'), typed: fields }
  const profile: { -readonly [Name in keyof Profile]: Profile[Name] } = {}
  for (const name of profileFields) {
    const value = fields.get(name)
    if (value === undefined || value === '') continue
    if (!isUserName(value)) return invalid(name)
    profile[name] = value
  }
  const returnTo = returnPath(context.settings, fields.get('returnTo'))
  const extra = Object.fromEntries(
    Array.from(fields).filter(([name]) => extraFields.includes(name)),
  )
  return { ok: true, form: { isEnchanted, method, loginId, profile, returnTo, extra } }
}

function methodFor(loginId = '', offered: readonly SignInMethod[]): SignInMethod | undefined {
  const isAddress = loginId.normalize('NFKC').includes('@')
  return offered.find((method) => isByMail(method) === isAddress)
}

/** The method of a form, by default the first that is offered; undefined for any other. */
export function offeredMethod<Method extends SignInMethod>(
  fields: ReadonlyMap<string, string>,
  offered: readonly Method[],
): Method | undefined {
  const method = fields.get('method') ?? offered[0]
  return offered.find((one) => one === method)
}

function invalid(field: string): Extract<SignInFormDecision, { ok: false }> {
  return { ok: false, failure: { kind: 'bad-request', field } }
}

/** The response to an invalid form. A user who mistyped an address gets the page again, with what they typed. */
export function invalidFormResponse(
  context: RouteContext,
  { failure, typed }: Extract<SignInFormDecision, { ok: false }>,
): WebResponse {
  const { settings } = context
  const isBuiltIn = settings.pages.signIn === `${settings.basePath}/sign-in`
  const returnTo = returnPath(settings, typed?.get('returnTo'))
  if (typed === undefined || !isBuiltIn || !acceptsPage(context)) {
    return failureResponse(context, failure, { url: signInUrl(settings, returnTo) })
  }
  const page = signInPage({
    returnTo,
    loginId: typed.get('loginId') ?? '',
    mistaken: true,
  })
  const { status } = responseTo(failure)
  return pageResponse(page, status)
}
