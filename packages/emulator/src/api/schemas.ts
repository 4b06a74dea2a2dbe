import { z } from 'zod'

// Clients send null, an empty string or nothing for what they do not mean; all three are "absent".
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)
const claims = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? undefined)
const templateOptions = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? undefined)
const required = z.string().min(1)

/** The redirect, under either of its names: one family of SDKs sends `URI`, another `redirectUrl`. */
const redirect = { URI: text, redirectUrl: text }

/** `loginOptions`; also what sign-up takes, which has fewer fields in the docs. */
export const loginOptions = z
  .object({
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
  .nullish()
  .transform((value) => value ?? undefined)

export const profile = z.object({
  loginId: text,
  name: text,
  email: text,
  phone: text,
  givenName: text,
  middleName: text,
  familyName: text,
})

/** The start of a sign-in. Fields nobody documents, such as `crossDevice`, are ignored. */
export const signInRequest = z.object({
  loginId: required,
  ...redirect,
  loginOptions,
  providerId: text,
  templateId: text,
})

/** The start of a sign-up: the identifier may also be given in the field of its channel. */
export const signUpRequest = signInRequest.extend({
  loginId: text,
  email: text,
  phone: text,
  whatsapp: text,
  user: profile.nullish().transform((value) => value ?? undefined),
})

// Update options lie flat on the body.
const updateRequest = z.object({
  loginId: required,
  ...redirect,
  addToLoginIDs: flag,
  onMergeUseExisting: flag,
  failOnConflict: flag,
  templateId: text,
  templateOptions,
  providerId: text,
  locale: text,
})

export const updateEmailRequest = updateRequest.extend({ email: required })
export const updatePhoneRequest = updateRequest.extend({ phone: required })

export const verifyRequest = z.object({ token: required, pkceVerifier: text })
export const pendingSessionRequest = z.object({ pendingRef: required })
