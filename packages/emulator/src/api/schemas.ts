import { z } from 'zod'

/**
 * The request bodies of the service. For an absent value clients send null, an empty string or
 * nothing; all three are read as undefined. Undocumented fields, such as `crossDevice` of the Go
 * SDK, are ignored.
 */

/** Optional text; null and the empty string are read as undefined. */
export const text: z.ZodType<string | undefined> = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

/** An optional flag; absent and null mean false. */
export const flag: z.ZodType<boolean> = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

/** A list; absent and null, which the Go SDK sends for one without entries, mean an empty list. */
export function listOf<T>(entry: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .array(entry)
    .nullish()
    .transform((value) => value ?? [])
}

/** A list of names. */
export const names: z.ZodType<string[]> = listOf(z.string())

/** An optional number of seconds, or a time in them; SDKs hold it in 32 bits, and send 0 for none. */
export const seconds: z.ZodType<number | null | undefined> = z
  .int()
  .min(0)
  .max(2_147_483_647)
  .nullish()

/** Optional claims with values of any type. */
export const claims: z.ZodType<Record<string, unknown> | undefined> = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? undefined)

/** Optional variables of a message; null is read as undefined. */
export const templateOptions: z.ZodType<Record<string, string> | undefined> = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? undefined)

const required = z.string().min(1)

/** Nested in the body. The docs list fewer of them for sign-up; `pkceChallenge` is of enchanted links. */
const loginOptionFields = z.object({
  stepup: flag,
  mfa: flag,
  customClaims: claims,
  templateId: text,
  templateOptions,
  locale: text,
  pkceChallenge: text,
  revokeOtherSessions: flag,
  tenantId: text,
})
export type LoginOptions = z.output<typeof loginOptionFields>

export const loginOptions: z.ZodType<LoginOptions | undefined> = loginOptionFields
  .nullish()
  .transform((value) => value ?? undefined)

/** The redirect, under either of its names: some SDKs send `URI`, the others `redirectUrl`. */
const redirectFields = { URI: text, redirectUrl: text }
export type RedirectFields = z.output<z.ZodObject<typeof redirectFields>>

const signInFields = {
  loginId: required,
  ...redirectFields,
  loginOptions,
  providerId: text,
  templateId: text,
}

export const signInRequest = z.object(signInFields)

/** The profile in a sign-up; it may contain the identifier. */
const profileFields = z.object({
  loginId: text,
  name: text,
  email: text,
  phone: text,
  givenName: text,
  middleName: text,
  familyName: text,
})

export const optionalProfile: z.ZodType<z.output<typeof profileFields> | undefined> = profileFields
  .nullish()
  .transform((value) => value ?? undefined)

/** A sign-up, whose identifier may also be in the field of its channel. */
export const signUpRequest = z.object({
  ...signInFields,
  loginId: text,
  email: text,
  phone: text,
  whatsapp: text,
  user: optionalProfile,
})

/** A new address; the options are at the top level of the body. */
const updateFields = {
  loginId: required,
  ...redirectFields,
  addToLoginIDs: flag,
  onMergeUseExisting: flag,
  failOnConflict: flag,
  templateId: text,
  templateOptions,
  providerId: text,
  locale: text,
}

export const updateEmailRequest = z.object({ ...updateFields, email: required })

export const updatePhoneRequest = z.object({ ...updateFields, phone: required })

export const verifyRequest = z.object({ token: required, pkceVerifier: text })

export const pendingSessionRequest = z.object({ pendingRef: required })
