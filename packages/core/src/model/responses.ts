/**
 * What the service answers, as schemas: the proof beside the interfaces, which the compiler keeps
 * equal. Tolerant where the service may grow: unknown fields are dropped, and a field that is
 * null counts as absent. Loads zod, so only `http/` imports this file.
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
import type { Schema } from './schema.ts'
import type { SessionTokens } from './session-tokens.ts'
import type { User, UserTenant } from './user.ts'

/** A shape that names every field of `T`, so that none can be forgotten here. */
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

// Where the service has no token or cookie setting to give, it sends an empty string.
function withoutBlanks(value: unknown): unknown {
  return withMembers(value, (member) => member !== null && member !== '' && member !== undefined)
}

function withMembers(value: unknown, isKept: (member: unknown) => boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  const kept = entries.filter(([, member]) => isKept(member))
  return kept.length === entries.length ? value : Object.fromEntries(kept)
}

/** What a link by e-mail answers. */
export const maskedEmail: Schema<MaskedEmail> = z.object({
  maskedEmail: text,
} satisfies ShapeOf<MaskedEmail>)

/** What a link by SMS or WhatsApp answers. */
export const maskedPhone: Schema<MaskedPhone> = z.object({
  maskedPhone: text,
} satisfies ShapeOf<MaskedPhone>)

/** What an enchanted link answers; prints without its secret. */
export const enchantedLinkStart: Schema<EnchantedLinkResponse> = z
  .object({
    linkId: text,
    pendingRef: text,
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

/** What `me` answers. */
export const user: Schema<User> = userSchema

/** What a verification, a poll, a refresh or a choice of tenant answers; prints without tokens. */
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

/** What `myTenants` answers. */
export const myTenants: Schema<MyTenants> = z.object({
  tenants: z.array(tenant),
} satisfies ShapeOf<MyTenants>)

/** What `history` answers: a bare list on the wire. */
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

/** What an exchange of an access key answers; prints without its token. */
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

/** What a logout answers, or an enchanted link's verification: an object, whatever it holds. */
export const nothing: Schema<EmptyResponse> = z.object({})
