import type { DeliveryMethod } from '@linkpass/core'
import { type Failure, parseLoginId } from '@linkpass/web'
import type { Request } from 'express'
import { readBody } from './body.ts'
import type { AuthContext } from './context.ts'
import { wayBack } from './start-link.ts'

const profileFields = ['name', 'givenName', 'middleName', 'familyName'] as const
const allowed = ['loginId', 'method', 'returnTo', ...profileFields]

/** What a new person may say of themselves, for a sign-up. */
export type Profile = Readonly<Partial<Record<(typeof profileFields)[number], string>>>

/** What a visitor may say when asking for a link. Everything else is the server's to say. */
export interface StartForm {
  readonly method: DeliveryMethod
  readonly loginId: string
  readonly returnTo: string
  readonly profile: Profile
}

export type StartFormDecision =
  | { readonly ok: true; readonly form: StartForm }
  | {
      readonly ok: false
      readonly failure: Failure
      /** What was typed, to be shown again. */
      readonly typed?: ReadonlyMap<string, string>
    }

/**
 * Reads the body of an attempt. A field that is not a visitor's to say, such as `loginOptions` or
 * `redirectUrl`, is refused by its name.
 *
 * @param offered the delivery methods the route sends by; the first is the default
 */
export async function readStartForm(
  context: AuthContext,
  req: Request,
  offered: readonly DeliveryMethod[],
): Promise<StartFormDecision> {
  const body = await readBody(req, allowed)
  if (!body.ok) return body
  const { fields } = body
  const asked = fields.get('method') ?? offered[0]
  const method = offered.find((one) => one === asked)
  if (method === undefined) return wrong('method')
  const loginId = parseLoginId(fields.get('loginId'), method)
  if (loginId === undefined) return { ...wrong('loginId'), typed: fields }
  const profile: { -readonly [Name in keyof Profile]: Profile[Name] } = {}
  for (const name of profileFields) {
    const value = fields.get(name)
    if (value === undefined || value === '') continue
    if (!isPlainText(value)) return wrong(name)
    profile[name] = value
  }
  return {
    ok: true,
    form: { method, loginId, profile, returnTo: wayBack(context, fields.get('returnTo')) },
  }
}

function isPlainText(value: string): boolean {
  return value.length <= 200 && !/\p{C}/u.test(value)
}

function wrong(field: string): Extract<StartFormDecision, { ok: false }> {
  return { ok: false, failure: { kind: 'bad-request', field } }
}
