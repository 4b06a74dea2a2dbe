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
