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
