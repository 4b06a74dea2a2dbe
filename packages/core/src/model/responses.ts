/**
 * The responses of the service as schemas; the compiler keeps them equal to the interfaces. They
 * tolerate changes of the service: unknown fields are dropped, and a field that is null counts as
 * absent. This file loads zod, so only `http/` imports it.
 */
import { z } from 'zod'
import { isObject } from './grants.ts'
import { redact } from './redact.ts'
import type {
  AccessKeySession,
  EmptyResponse,
  EnchantedLinkResponse,
  HistoryEntry,
  MaskedEmail,
  MaskedPhone,
  MyTenants,
  SessionTokens,
  Tenant,
  User,
  UserTenant,
} from './api.ts'

/** Checks a value from outside. zod's schemas have this shape, so no public declaration names zod. */
export interface Schema<T> {
  /** @param how `error` makes the message of each problem, instead of zod or the app's own `z.config` */
  safeParse(value: unknown, how: { readonly error: () => string }): Parsed<T>
}

type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: Error }

/** A schema for every field of `T`, so that none can be forgotten here. */
type ShapeOf<T> = {
  [K in keyof T]-?: {} extends Pick<T, K> ? z.ZodExactOptional<z.ZodType<T[K]>> : z.ZodType<T[K]>
}

const text = z.string()
const optionalText = z.string().exactOptional()
const optionalTexts = z.array(z.string()).exactOptional()
const optionalFlag = z.boolean().exactOptional()
const optionalNumber = z.number().exactOptional()
const optionalAttributes = z.record(z.string(), z.unknown()).exactOptional()

/** An object, of which members with one of the values in `absent` are dropped first. */
function objectOf<Shape extends z.ZodRawShape>(shape: Shape, absent: readonly unknown[] = [null]) {
  return z.preprocess((value) => {
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).filter(([, member]) => !absent.includes(member)),
    )
  }, z.object(shape))
}

export const maskedEmail: Schema<MaskedEmail> = z.object({
  maskedEmail: text,
} satisfies ShapeOf<MaskedEmail>)

export const maskedPhone: Schema<MaskedPhone> = z.object({
  maskedPhone: text,
} satisfies ShapeOf<MaskedPhone>)

export const enchantedLinkResponse: Schema<EnchantedLinkResponse> = z
  .object({
    linkId: z.string().regex(/^[\w-]{1,16}$/),
    pendingRef: z.string().min(1),
    maskedEmail: text,
  } satisfies ShapeOf<EnchantedLinkResponse>)
  .transform(redact)

const userTenant: z.ZodType<UserTenant> = objectOf({
  tenantId: text,
  tenantName: optionalText,
  roleNames: optionalTexts,
  permissions: optionalTexts,
} satisfies ShapeOf<UserTenant>)

const userSchema: z.ZodType<User> = objectOf({
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
} satisfies ShapeOf<User>)

export const user: Schema<User> = userSchema

export const sessionTokens: Schema<SessionTokens> = objectOf(
  {
    sessionJwt: text,
    refreshJwt: optionalText,
    user: userSchema.exactOptional(),
    firstSeen: optionalFlag,
    cookieDomain: optionalText,
    cookiePath: optionalText,
    cookieMaxAge: optionalNumber,
    cookieExpiration: optionalNumber,
    sessionExpiration: optionalNumber,
  } satisfies ShapeOf<SessionTokens>,
  // The service sends an empty string for a token or cookie setting that it does not have.
  [null, '', undefined],
).transform(redact)

const tenant: z.ZodType<Tenant> = objectOf({
  id: text,
  name: optionalText,
  customAttributes: optionalAttributes,
} satisfies ShapeOf<Tenant>)

export const myTenants: Schema<MyTenants> = z.object({
  tenants: z.array(tenant),
} satisfies ShapeOf<MyTenants>)

export const history: Schema<readonly HistoryEntry[]> = z.array(
  objectOf({
    userId: text,
    loginTime: z.number(),
    city: optionalText,
    country: optionalText,
    ip: optionalText,
    selectedTenant: optionalText,
  } satisfies ShapeOf<HistoryEntry>),
)

export const accessKeySession: Schema<AccessKeySession> = objectOf({
  keyId: text,
  sessionJwt: z.string().min(1),
  expiration: optionalNumber,
} satisfies ShapeOf<AccessKeySession>).transform(redact)

/** The response to a logout or an enchanted link's verification: any object; its fields are dropped. */
export const emptyResponse: Schema<EmptyResponse> = z.object({})
