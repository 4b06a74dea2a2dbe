import { z } from 'zod'
import { describeSchemaError, mustBe } from './schema-error.ts'
import type { WaitOptions } from './world/messages/inbox.ts'
import type { SignInOptions } from './world/sessions/sign-in.ts'

const text = z.string(mustBe('text'))
const names = z.array(text, mustBe('a list of names')).readonly().optional()
const claims = z.record(z.string(), z.unknown(), mustBe('an object of claims')).optional()
const number = z.number(mustBe('a number')).optional()
const fromZero = mustBe('a number of milliseconds from 0')
const cookieNames = z.object(
  { session: text, refresh: text },
  mustBe('auth.cookieNames, or { session, refresh }'),
)

const loginId = z.object({ loginId: text.min(1, mustBe('text')) })
const signInOptions = z.strictObject(
  {
    name: text.optional(),
    roles: names,
    permissions: names,
    tenants: z
      .record(
        z.string(),
        z.strictObject({ roles: names, permissions: names }),
        mustBe('an object of tenants by id'),
      )
      .optional(),
    tenant: text.optional(),
    customClaims: claims,
    claims,
    amr: names,
    stepUp: z.boolean(mustBe('true or false')).optional(),
    ageSeconds: number,
    cookieNames: cookieNames.optional(),
  },
  anObject('{ roles: ["editor"] }'),
)

const to = text.optional()
const like = anObject('{ to: "ada@example.com" }')
const filter = z.strictObject({ to }, like).optional()
const waitOptions = z.strictObject(
  {
    to,
    after: text.optional(),
    timeoutMs: z.number(fromZero).min(0, fromZero).optional(),
    signal: z.unknown().optional(),
  },
  like,
)
const rotation = z.strictObject({ graceSeconds: number }, anObject('{ graceSeconds: 0 }'))

/** Tests in JavaScript have no compiler that names a misspelt option. Each throws a TypeError for one. */
export const checkArguments = {
  signIn(id: string, options: SignInOptions): void {
    check('signIn', loginId, { loginId: id })
    check('signIn', signInOptions, options)
  },
  list: (options: { to?: string | undefined } | undefined): void =>
    check('inbox.list', filter, options),
  waitFor: (options: WaitOptions): void => check('inbox.waitFor', waitOptions, options),
  rotate: (options: { graceSeconds?: number }): void => check('keys.rotate', rotation, options),
}

function check(name: string, schema: z.ZodType, value: unknown): void {
  const { error } = schema.safeParse(value)
  if (error !== undefined) throw new TypeError(`${name}: ${describeSchemaError(error)}`)
}

function anObject(example: string): { error: z.core.$ZodErrorMap } {
  return {
    error: ({ code }) =>
      code === 'invalid_type' ? `options must be an object, such as ${example}` : undefined,
  }
}
