import type { DeliveryMethod } from '@linkpass/core'
import { isUserName } from '@linkpass/core/internal'
import type { RouteContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { parseLoginId } from '../request/login-id.ts'

const profileFields = ['name', 'givenName', 'middleName', 'familyName'] as const
const allowed = ['loginId', 'method', 'returnTo', ...profileFields]

/** What a new user may say of themselves at a sign-up. */
export type Profile = Readonly<Partial<Record<(typeof profileFields)[number], string>>>

/** What a visitor may say when requesting a link. Everything else is for the server to say. */
export interface SignInForm {
  readonly method: DeliveryMethod
  readonly loginId: string
  readonly returnTo: string
  readonly profile: Profile
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
 * @param offered the delivery methods that the route sends by; the first is the default
 */
export async function readSignInForm(
  context: RouteContext,
  offered: readonly DeliveryMethod[],
): Promise<SignInFormDecision> {
  const body = await readBody(context, allowed)
  if (!body.ok) return body
  const { fields } = body
  const method = offeredMethod(fields, offered)
  if (method === undefined) return invalid('method')
  const { defaultCountry } = context.settings
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
  return { ok: true, form: { method, loginId, profile, returnTo } }
}

/** The delivery method of a form, by default the first that is offered; undefined for any other. */
export function offeredMethod(
  fields: ReadonlyMap<string, string>,
  offered: readonly DeliveryMethod[],
): DeliveryMethod | undefined {
  const method = fields.get('method') ?? offered[0]
  return offered.find((one) => one === method)
}

function invalid(field: string): Extract<SignInFormDecision, { ok: false }> {
  return { ok: false, failure: { kind: 'bad-request', field } }
}
