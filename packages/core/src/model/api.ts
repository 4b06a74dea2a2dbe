// The data of the API, with its names: what calls send, and what they return.

/** A user, as the service describes them. Fields that are not typed here are dropped. */
export interface User {
  readonly userId: string
  readonly loginIds: readonly string[]
  readonly name?: string
  readonly email?: string
  readonly phone?: string
  readonly verifiedEmail?: boolean
  readonly verifiedPhone?: boolean
  readonly givenName?: string
  readonly middleName?: string
  readonly familyName?: string
  readonly picture?: string
  /** `enabled`, `disabled` or `invited`, according to the docs. */
  readonly status?: string
  readonly roleNames?: readonly string[]
  readonly permissions?: readonly string[]
  readonly userTenants?: readonly UserTenant[]
  readonly ssoAppIds?: readonly string[]
  readonly externalIds?: readonly string[]
  readonly customAttributes?: Readonly<Record<string, unknown>>
  /** Seconds since the epoch. */
  readonly createdTime?: number
  readonly test?: boolean
}

/** A tenant the user belongs to, with what they may do there. */
export interface UserTenant {
  readonly tenantId: string
  readonly tenantName?: string
  readonly roleNames?: readonly string[]
  readonly permissions?: readonly string[]
}

/** What a sign-up may say about the new user. */
export interface NewUser {
  name?: string
  email?: string
  phone?: string
  givenName?: string
  middleName?: string
  familyName?: string
}

/**
 * The tokens of a session: the response to a verification, a refresh or a poll (JWTResponse). The
 * tokens are redacted in `JSON.stringify` and `util.inspect`.
 */
export interface SessionTokens {
  /** The short-lived token that is sent with every request. */
  readonly sessionJwt: string
  /** The long-lived token for new session tokens; absent when a refresh did not rotate it. */
  readonly refreshJwt?: string
  /** The user; absent in some responses to a refresh. */
  readonly user?: User
  /** True for a user's first sign-in. */
  readonly firstSeen?: boolean
  readonly cookieDomain?: string
  readonly cookiePath?: string
  /** Seconds. */
  readonly cookieMaxAge?: number
  /** Seconds since the epoch. */
  readonly cookieExpiration?: number
  /** Seconds since the epoch. */
  readonly sessionExpiration?: number
}

/** A tenant, as `myTenants` returns it. */
export interface Tenant {
  readonly id: string
  readonly name?: string
  readonly customAttributes?: Readonly<Record<string, unknown>>
}

/** The response of `myTenants`. */
export interface MyTenants {
  readonly tenants: readonly Tenant[]
}

/** One sign-in of a user's history. */
export interface HistoryEntry {
  readonly userId: string
  /** Seconds since the epoch. */
  readonly loginTime: number
  readonly city?: string
  readonly country?: string
  readonly ip?: string
  readonly selectedTenant?: string
}

/** The session of an access key. There is no refresh token. */
export interface AccessKeySession {
  readonly keyId: string
  /** The session token. Redacted in `JSON.stringify` and `util.inspect`. */
  readonly sessionJwt: string
  /** Seconds since the epoch (from the docs: no schema lists it). */
  readonly expiration?: number
}

/** An empty object: the response of a logout, and of an enchanted link's verification. */
export type EmptyResponse = Readonly<Record<string, never>>

/** Options of an exchange of an access key. */
export interface AccessKeyOptions {
  customClaims?: Record<string, unknown>
  selectedTenant?: string
}

/** How a magic link is sent. Enchanted links are sent by e-mail only. */
export type DeliveryMethod = 'email' | 'sms' | 'whatsapp'

/** Where a link was sent, as the service masks it: for display only. */
export interface MaskedEmail {
  readonly maskedEmail: string
}

/** Where a link was sent, as the service masks it: for display only. */
export interface MaskedPhone {
  readonly maskedPhone: string
}

/** The response to a request for an enchanted link. */
export interface EnchantedLinkResponse extends MaskedEmail {
  /** The two digits to show to the user: the link with this number in the mail is the right one. */
  readonly linkId: string
  /** Fetches the session once the right link was confirmed. A secret: keep it on the server. */
  readonly pendingRef: string
}

/**
 * Options of a request for a link. Options that are not named here are sent as given, so that an
 * app can use new ones before this package knows them.
 */
export interface SignUpOptions {
  /** Claims for the new session, found under `nsec` in its token. */
  customClaims?: Record<string, unknown>
  /** The id of the message template to use. */
  templateId?: string
  /** The values of the template's variables. */
  templateOptions?: Record<string, string>
  /** The tenant to sign in to. */
  tenantId?: string
  /** The language of the message, such as `de`. */
  locale?: string
  /** The delivery provider to send with. */
  providerId?: string
  /** Enchanted links only (from the docs): the challenge for the `pkceVerifier` (RFC 7636). */
  pkceChallenge?: string
}

/** Options of a sign-in. */
export interface LoginOptions extends SignUpOptions {
  /** Request a step-up of the refresh token's session: the new one has the claim `su`. */
  stepup?: boolean
  /** Add this factor to those of the refresh token's session. */
  mfa?: boolean
  /** End the user's other sessions once this one begins. */
  revokeOtherSessions?: boolean
  /** The application that the user signs in to, where single sign-on serves several. */
  ssoAppId?: string
}

/** Options of a change of address. */
export interface UpdateOptions {
  /** Make the new address a login ID as well. @default false */
  addToLoginIDs?: boolean
  /** When the address is another user's: merge into that user instead of this one. @default false */
  onMergeUseExisting?: boolean
  /** When the address is another user's: fail instead of merging. @default false */
  failOnConflict?: boolean
  templateId?: string
  templateOptions?: Record<string, string>
  providerId?: string
  locale?: string
}
