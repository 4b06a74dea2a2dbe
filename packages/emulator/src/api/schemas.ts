import { z } from 'zod'

/**
 * The request bodies of the service. For an absent value clients send null, an empty string or
 * nothing; all three are read as undefined. Undocumented fields, such as `crossDevice` of the Go
 * SDK, are ignored.
 */

/** The redirect, under either of its names: some SDKs send `URI`, the others `redirectUrl`. */
export interface RedirectFields {
  URI: string | undefined
  redirectUrl: string | undefined
}

/** `loginOptions`, nested in the body. The docs list fewer of them for sign-up. */
export interface LoginOptions {
  stepup: boolean
  mfa: boolean
  customClaims: Record<string, unknown> | undefined
  templateId: string | undefined
  templateOptions: Record<string, string> | undefined
  locale: string | undefined
  /** Enchanted links only. */
  pkceChallenge: string | undefined
  revokeOtherSessions: boolean
  tenantId: string | undefined
}

export interface SignInRequest extends RedirectFields {
  loginId: string
  loginOptions: LoginOptions | undefined
  providerId: string | undefined
  templateId: string | undefined
}

/** The profile in a sign-up; it may contain the identifier. */
export interface ProfileFields {
  loginId: string | undefined
  name: string | undefined
  email: string | undefined
  phone: string | undefined
  givenName: string | undefined
  middleName: string | undefined
  familyName: string | undefined
}

/** A sign-up, whose identifier may also be in the field of its channel. */
export interface SignUpRequest extends Omit<SignInRequest, 'loginId'> {
  loginId: string | undefined
  email: string | undefined
  phone: string | undefined
  whatsapp: string | undefined
  user: ProfileFields | undefined
}

/** A new address; the options are at the top level of the body. */
export interface UpdateRequest extends RedirectFields {
  loginId: string
  addToLoginIDs: boolean
  onMergeUseExisting: boolean
  failOnConflict: boolean
  templateId: string | undefined
  templateOptions: Record<string, string> | undefined
  providerId: string | undefined
  locale: string | undefined
}

export interface VerifyRequest {
  token: string
  pkceVerifier: string | undefined
}

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

const loginOptionFields = {
  stepup: flag,
  mfa: flag,
  customClaims: claims,
  templateId: text,
  templateOptions,
  locale: text,
  pkceChallenge: text,
  revokeOtherSessions: flag,
  tenantId: text,
}

export const loginOptions: z.ZodType<LoginOptions | undefined> = z
  .object(loginOptionFields)
  .nullish()
  .transform((value) => value ?? undefined)

const signInFields = {
  loginId: required,
  URI: text,
  redirectUrl: text,
  loginOptions,
  providerId: text,
  templateId: text,
}

export const signInRequest: z.ZodType<SignInRequest> = z.object(signInFields)

const profileFields = {
  loginId: text,
  name: text,
  email: text,
  phone: text,
  givenName: text,
  middleName: text,
  familyName: text,
}

export const optionalProfile: z.ZodType<ProfileFields | undefined> = z
  .object(profileFields)
  .nullish()
  .transform((value) => value ?? undefined)

export const signUpRequest: z.ZodType<SignUpRequest> = z.object({
  ...signInFields,
  loginId: text,
  email: text,
  phone: text,
  whatsapp: text,
  user: optionalProfile,
})

const updateFields = {
  loginId: required,
  URI: text,
  redirectUrl: text,
  addToLoginIDs: flag,
  onMergeUseExisting: flag,
  failOnConflict: flag,
  templateId: text,
  templateOptions,
  providerId: text,
  locale: text,
}

export const updateEmailRequest: z.ZodType<UpdateRequest & { email: string }> = z.object({
  ...updateFields,
  email: required,
})

export const updatePhoneRequest: z.ZodType<UpdateRequest & { phone: string }> = z.object({
  ...updateFields,
  phone: required,
})

export const verifyRequest: z.ZodType<VerifyRequest> = z.object({
  token: required,
  pkceVerifier: text,
})

export const pendingSessionRequest: z.ZodType<{ pendingRef: string }> = z.object({
  pendingRef: required,
})
