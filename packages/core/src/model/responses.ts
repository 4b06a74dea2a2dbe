/**
 * The responses of the service as schemas; the compiler keeps them equal to the interfaces. They
 * tolerate changes of the service: unknown fields are dropped, and a field that is null counts as
 * absent. This file loads zod, so only `http/` imports it.
 */
import { z } from 'zod'
import { redact } from './redact.ts'
import type {
  AccessKeySession,
  HistoryEntry,
  MyTenants,
  EmptyResponse,
  Tenant,
} from './account-responses.ts'
import type { EnchantedLinkResponse, MaskedEmail, MaskedPhone } from './delivery.ts'
import type { SessionTokens } from './session-tokens.ts'
import type { User, UserTenant } from './user.ts'

/** Checks a value from outside. zod's schemas have this shape, so no public declaration names zod. */
export interface Schema<T> {
  safeParse(value: unknown): Parsed<T>
}

/** A value of the right shape, or the error. */
type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: Error }

/** A shape with every field of `T`, so that none can be forgotten here. */
type ShapeOf<T> = Record<keyof T, z.ZodType>

const text = z.string()
const optionalText = z.string().exactOptional()
const optionalTexts = z.array(z.string()).exactOptional()
const optionalFlag = z.boolean().exactOptional()
const optionalNumber = z.number().exactOptional()
const optionalAttributes = z.record(z.string(), z.unknown()).exactOptional()

function withoutNulls(value: unknown): unknown {
  return withMembers(value, (member) => member !== null)
}

// The service sends an empty string for a token or cookie setting that it does not have.
function withoutBlanks(value: unknown): unknown {
  return withMembers(value, (member) => member !== null && member !== '' && member !== undefined)
}

function withMembers(value: unknown, isKept: (member: unknown) => boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  const kept = entries.filter(([, member]) => isKept(member))
  return kept.length === entries.length ? value : Object.fromEntries(kept)
}

/** The response to a link by e-mail. */
export const maskedEmail: Schema<MaskedEmail> = z.object({
  maskedEmail: text,
} satisfies ShapeOf<MaskedEmail>)

/** The response to a link by SMS or WhatsApp. */
export const maskedPhone: Schema<MaskedPhone> = z.object({
  maskedPhone: text,
} satisfies ShapeOf<MaskedPhone>)

/** The response to an enchanted link; redacted when printed. */
export const enchantedLinkResponse: Schema<EnchantedLinkResponse> = z
  .object({
    linkId: z.string().regex(/^[\w-]{1,16}$/),
    pendingRef: z.string().min(1),
    maskedEmail: text,
  } satisfies ShapeOf<EnchantedLinkResponse>)
  .transform(redact)

const userTenant: z.ZodType<UserTenant> = z.preprocess(
  withoutNulls,
  z.object({
    tenantId: text,
    tenantName: optionalText,
    roleNames: optionalTexts,
    permissions: optionalTexts,
  } satisfies ShapeOf<UserTenant>),
)

const userSchema: z.ZodType<User> = z.preprocess(
  withoutNulls,
  z.object({
    userId: text,
    loginIds: z.array(z.string()).default([]),
    name: optionalText,
    email: optionalText,
    phone: optionalText,
    verifiedEmail: optionalFlag,
    verifiedPhone: optionalFlag,
    givenName: optionalText,
    middleName: optionalText,
    familyName: optionalText,
    picture: optionalText,
    status: optionalText,
    roleNames: optionalTexts,
    permissions: optionalTexts,
    userTenants: z.array(userTenant).exactOptional(),
    ssoAppIds: optionalTexts,
    externalIds: optionalTexts,
    customAttributes: optionalAttributes,
    createdTime: optionalNumber,
    test: optionalFlag,
  } satisfies ShapeOf<User>),
)

/** The response of `me`. */
export const user: Schema<User> = userSchema

/** The response to a verification, a poll, a refresh or a choice of tenant; redacted when printed. */
export const sessionTokens: Schema<SessionTokens> = z.preprocess(
  withoutBlanks,
  z
    .object({
      sessionJwt: text,
      refreshJwt: optionalText,
      user: userSchema.exactOptional(),
      firstSeen: optionalFlag,
      cookieDomain: optionalText,
      cookiePath: optionalText,
      cookieMaxAge: optionalNumber,
      cookieExpiration: optionalNumber,
      sessionExpiration: optionalNumber,
    } satisfies ShapeOf<SessionTokens>)
    .transform(redact),
)

const tenant: z.ZodType<Tenant> = z.preprocess(
  withoutNulls,
  z.object({
    id: text,
    name: optionalText,
    customAttributes: optionalAttributes,
  } satisfies ShapeOf<Tenant>),
)

/** The response of `myTenants`. */
export const myTenants: Schema<MyTenants> = z.object({
  tenants: z.array(tenant),
} satisfies ShapeOf<MyTenants>)

/** The response of `history`: a list at the top level. */
export const history: Schema<readonly HistoryEntry[]> = z.array(
  z.preprocess(
    withoutNulls,
    z.object({
      userId: text,
      loginTime: z.number(),
      city: optionalText,
      country: optionalText,
      ip: optionalText,
      selectedTenant: optionalText,
    } satisfies ShapeOf<HistoryEntry>),
  ),
)

/** The response to an exchange of an access key; redacted when printed. */
export const accessKeySession: Schema<AccessKeySession> = z.preprocess(
  withoutNulls,
  z
    .object({
      keyId: text,
      sessionJwt: z.string().min(1),
      expiration: optionalNumber,
    } satisfies ShapeOf<AccessKeySession>)
    .transform(redact),
)

/** The response to a logout or an enchanted link's verification: any object; its fields are dropped. */
export const emptyResponse: Schema<EmptyResponse> = z.object({})
