/** A tenant, as `myTenants` answers it. */
export interface Tenant {
  readonly id: string
  readonly name?: string
  readonly customAttributes?: Readonly<Record<string, unknown>>
}

/** What `myTenants` answers. */
export interface MyTenants {
  readonly tenants: readonly Tenant[]
}

/** One sign-in of the person's history. */
export interface HistoryEntry {
  readonly userId: string
  /** Seconds since the epoch. */
  readonly loginTime: number
  readonly city?: string
  readonly country?: string
  readonly ip?: string
  readonly selectedTenant?: string
}

/** What an access key is exchanged for. There is no refresh token. */
export interface AccessKeySession {
  readonly keyId: string
  /** The session token. Redacted in `JSON.stringify` and `util.inspect`. */
  readonly sessionJwt: string
  /** Seconds since the epoch (from the docs: no schema lists it). */
  readonly expiration?: number
}

/** Nothing beyond success: what a logout and an enchanted link's verification answer. */
export type EmptyResponse = Readonly<Record<string, never>>

/** What an access key's session can be asked for with. */
export interface AccessKeyOptions {
  customClaims?: Record<string, unknown>
  selectedTenant?: string
}
