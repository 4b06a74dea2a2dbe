import type { TokenClaims, ValidatedToken } from '../model/claims.ts'
import { grantsOf, stringsOf } from '../model/grants.ts'
import type { Session, TenantGrants } from '../model/outcome.ts'
import { Redacted } from '../model/redact.ts'

/**
 * A session token as an app reads it: the claims that say who the user is and what they may do, each
 * in one shape that code can rely on. A claim of another shape grants nothing.
 */
export function viewSession(validated: ValidatedToken): Session {
  return Object.freeze(new SessionView(validated))
}

// A class rather than a copied literal, because one is created for every new token.
class SessionView extends Redacted implements Session {
  declare readonly userId: string
  declare readonly claims: TokenClaims
  declare readonly roles: readonly string[]
  declare readonly permissions: readonly string[]
  declare readonly tenants: Session['tenants']
  declare readonly amr: readonly string[]
  declare readonly expiresAt: number
  declare readonly jwt: string

  constructor({ jwt, token }: ValidatedToken) {
    super()
    this.userId = token.sub
    this.claims = token
    this.roles = stringsOf(token['roles'])
    this.permissions = stringsOf(token['permissions'])
    this.tenants = tenantsOf(token['tenants'])
    this.amr = stringsOf(token['amr'])
    this.expiresAt = token.exp * 1000
    this.jwt = jwt
  }
}

// An empty prototype, so that `tenants['constructor']` is undefined. An object whose prototype is
// null would be a dictionary, which costs three times as much to create and to read.
const bare: object = Object.freeze(Object.create(null))
const noTenants: Session['tenants'] = Object.freeze(Object.create(bare))

function tenantsOf(claim: unknown): Session['tenants'] {
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return noTenants
  const tenants: Record<string, TenantGrants> = Object.create(bare)
  for (const [id, grants] of Object.entries(claim)) tenants[id] = grantsOf(Object(grants))
  return Object.freeze(tenants)
}
