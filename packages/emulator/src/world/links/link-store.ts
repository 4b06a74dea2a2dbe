import { BoundedMap } from '../bounded-map.ts'
import { randomNumbers, randomSecret } from '../random.ts'
import type { Profile } from '../users/user-directory.ts'

/** How a link is sent; `embedded` ones are returned to the caller of the management API. */
export type LinkMethod = 'email' | 'sms' | 'whatsapp' | 'embedded'

/** A sign-in that a link completes, with everything its session is created from. */
export interface LoginIntent {
  readonly type: 'login'
  readonly loginId: string
  /** The addresses the link was sent to, verified when it is redeemed. */
  readonly verifies: readonly string[]
  /** The profile of the user to create, if the login id is unknown. */
  readonly signUp: Profile | undefined
  readonly amr: readonly string[]
  readonly stepUp: boolean
  readonly customClaims: Record<string, unknown> | undefined
  /** Claims of the management API, at the top level of the tokens. */
  readonly claims?: Record<string, unknown> | undefined
  readonly tenant: string | undefined
  readonly revokeOtherSessions: boolean
}

/** A new address that the user gets when the link is redeemed. */
export interface UpdateIntent {
  readonly type: 'update'
  readonly userId: string
  readonly field: 'email' | 'phone'
  readonly value: string
  /** Copied from the session that requested the update. */
  readonly amr: readonly string[]
  readonly customClaims: Record<string, unknown> | undefined
  readonly claims: Record<string, unknown> | undefined
  readonly tenant: string | undefined
  readonly addToLoginIds: boolean
  readonly onMergeUseExisting: boolean
  readonly failOnConflict: boolean
}

export type Intent = LoginIntent | UpdateIntent

/** A one-time link. */
export interface Link {
  readonly token: string
  /** Empty for an embedded link. */
  readonly url: string
  readonly method: LinkMethod
  readonly intent: Intent
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  used: boolean
  /** Only on enchanted links. */
  readonly enchanted?: { readonly number: string; readonly group: EnchantedGroup }
}

/** The three links of one enchanted email, and its approved session. */
export interface EnchantedGroup {
  readonly pendingRef: string
  /** The number of the right link. */
  readonly linkId: string
  /** The SHA-256 of the verifier that `verify` requires, in base64 or base64url (RFC 7636). */
  readonly pkceChallenge: string | undefined
  readonly expiresAt: number
  /** When the right link was verified, in milliseconds since the epoch. */
  approvedAt?: number
  /** The user and the intent of the session to fetch; undefined once it was fetched. */
  approved?: { readonly userId: string; readonly intent: Intent } | undefined
}

/** The state of a link, in the world's time. `void`: another link of the same email was used. */
export type LinkState = 'unused' | 'used' | 'expired' | 'void'

/** The state of a link at `now`. */
export function linkState(link: Link, now: number): LinkState {
  if (link.used) return 'used'
  if (link.enchanted?.group.approvedAt !== undefined) return 'void'
  return link.expiresAt <= now ? 'expired' : 'unused'
}

/** A new link without its token. */
export interface LinkRequest {
  readonly redirectUrl: string
  readonly method: LinkMethod
  readonly intent: Intent
  readonly expiresAt: number
}

/** The one-time links of a world. */
export interface LinkStore {
  issue(request: LinkRequest): Link
  issueEnchanted(
    request: LinkRequest,
    pkceChallenge: string | undefined,
  ): { group: EnchantedGroup; links: readonly Link[] }
  byToken(token: string): Link | undefined
  byPendingRef(pendingRef: string): EnchantedGroup | undefined
}

/** An empty store that keeps the `maxLinks` newest links. */
export function createLinkStore(maxLinks: number): LinkStore {
  const byToken = new BoundedMap<string, Link>(maxLinks)
  const groups = new BoundedMap<string, EnchantedGroup>(maxLinks)

  function add(request: LinkRequest, enchanted?: Link['enchanted']): Link {
    const token = randomSecret()
    const { redirectUrl, ...rest } = request
    const link: Link = {
      ...rest,
      token,
      url: redirectUrl === '' ? '' : linkUrl(redirectUrl, token),
      used: false,
      ...(enchanted && { enchanted }),
    }
    byToken.set(token, link)
    return link
  }

  return {
    issue: (request) => add(request),
    issueEnchanted: (request, pkceChallenge) => {
      const { numbers, right } = randomNumbers()
      const { expiresAt } = request
      const group = { pendingRef: randomSecret(), linkId: right, pkceChallenge, expiresAt }
      groups.set(group.pendingRef, group)
      return { group, links: numbers.map((number) => add(request, { number, group })) }
    },
    byToken: (token) => byToken.get(token),
    byPendingRef: (pendingRef) => groups.get(pendingRef),
  }
}

/** The redirect with the parameter `t`. An existing query or fragment is kept (our choice). */
export function linkUrl(redirectUrl: string, token: string): string {
  const url = new URL(redirectUrl)
  url.searchParams.set('t', token)
  return url.href
}
