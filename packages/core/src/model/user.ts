/** A person, as the service describes them. Fields it adds later are kept out until they are typed. */
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
  /** `enabled`, `disabled` or `invited`, as far as the documents say. */
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

/** A tenant the person belongs to, with what they may do there. */
export interface UserTenant {
  readonly tenantId: string
  readonly tenantName?: string
  readonly roleNames?: readonly string[]
  readonly permissions?: readonly string[]
}

/** What a sign-up may say about the new person. */
export interface NewUser {
  name?: string
  email?: string
  phone?: string
  givenName?: string
  middleName?: string
  familyName?: string
}
