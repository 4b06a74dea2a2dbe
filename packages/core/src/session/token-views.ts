/** What callers get of verified tokens: frozen, and redacted when printed. */
import { createDecodeBuffer } from '../jwt/compact.ts'
import type { TokenClaims, ValidatedToken } from '../model/claims.ts'
import { grantsOf, stringsOf } from '../model/grants.ts'
import type { IssuedTokens, Session, TenantGrants } from '../model/outcome.ts'
import { Redacted, redact } from '../model/redact.ts'

export function validatedToken(jwt: string, token: TokenClaims): ValidatedToken {
  return Object.freeze(new Validated(jwt, token))
}

// A class rather than a copied literal, because one is created for every new token.
class Validated extends Redacted implements ValidatedToken {
  declare readonly jwt: string
  declare readonly token: TokenClaims

  constructor(jwt: string, token: TokenClaims) {
    super()
    this.jwt = jwt
    this.token = token
  }
}

const decode = createDecodeBuffer()

/**
 * A copy of ASCII text that is not a slice of another string, for text that is kept: a token cut out
 * of a Cookie header would keep the whole header alive. Other characters are not preserved.
 */
export function flat(ascii: string): string {
  return decode(ascii, 'latin1').toString('latin1')
}

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
  declare readonly email: string | undefined
  declare readonly name: string | undefined
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
    this.email = textOf(token['email'])
    this.name = textOf(token['name'])
    this.claims = token
    this.roles = stringsOf(token['roles'])
    this.permissions = stringsOf(token['permissions'])
    this.tenants = tenantsOf(token['tenants'])
    this.amr = stringsOf(token['amr'])
    this.expiresAt = token.exp * 1000
    this.jwt = jwt
  }
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined
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

export function issuedTokens(session: ValidatedToken, refresh: ValidatedToken): IssuedTokens {
  return Object.freeze(
    redact<IssuedTokens>({
      sessionJwt: session.jwt,
      refreshJwt: refresh.jwt,
      sessionExpiresAt: session.token.exp * 1000,
      refreshExpiresAt: refresh.token.exp * 1000,
    }),
  )
}
