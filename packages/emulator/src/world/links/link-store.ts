import { BoundedMap } from '../bounded-map.ts'
import { randomNumbers, randomSecret } from '../random.ts'
import type { Profile } from '../users/user-directory.ts'

/** How a link travels; `embedded` ones are handed to the caller of the management API. */
export type LinkMethod = 'email' | 'sms' | 'whatsapp' | 'embedded'

/** A sign-in that waits for its link, with all that the session will be made of. */
export interface LoginIntent {
  readonly type: 'login'
  readonly loginId: string
  /** The addresses that opening the link verifies: where it went. */
  readonly verifies: readonly string[]
  /** Present when the person is to be created if unknown. */
  readonly signUp: Profile | undefined
  readonly amr: readonly string[]
  readonly stepUp: boolean
  readonly customClaims: Record<string, unknown> | undefined
  readonly tenant: string | undefined
  readonly revokeOtherSessions: boolean
}

/** A new address that becomes the person's once its link is verified. */
export interface UpdateIntent {
  readonly type: 'update'
  readonly userId: string
  readonly field: 'email' | 'phone'
  readonly value: string
  /** Carried over from the session that asked. */
  readonly amr: readonly string[]
  readonly customClaims: Record<string, unknown> | undefined
  readonly tenant: string | undefined
  readonly addToLoginIds: boolean
  readonly onMergeUseExisting: boolean
  readonly failOnConflict: boolean
}

export type Intent = LoginIntent | UpdateIntent

/** One one-time link. */
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

/** The three links of one enchanted mail, and where its session waits. */
export interface EnchantedGroup {
  readonly pendingRef: string
  /** The number of the right link. */
  readonly linkId: string
  /** The SHA-256 of the verifier that `verify` must bring, in base64 or base64url (RFC 7636). */
  readonly pkceChallenge: string | undefined
  readonly expiresAt: number
  /** When the right link was verified, in milliseconds since the epoch. */
  approvedAt?: number
  /** Whose session waits to be fetched, and what for; gone once it was. */
  approved?: { readonly userId: string; readonly intent: Intent } | undefined
}

/** What a link looks like from outside, in the world's time. */
export type LinkState = 'unused' | 'used' | 'expired' | 'void'

/** Pure: `void` is a link whose right sibling was used, so that it leads nowhere any more. */
export function linkState(link: Link, now: number): LinkState {
  if (link.used) return 'used'
  if (link.enchanted?.group.approvedAt !== undefined) return 'void'
  return link.expiresAt <= now ? 'expired' : 'unused'
}

/** Everything a new link needs but its token. */
export interface LinkRequest {
  readonly redirectUrl: string
  readonly method: LinkMethod
  readonly intent: Intent
  readonly expiresAt: number
}

/** The one-time links of a world. */
export interface LinkBook {
  issue(request: LinkRequest): Link
  issueEnchanted(
    request: LinkRequest,
    pkceChallenge: string | undefined,
  ): { group: EnchantedGroup; links: readonly Link[] }
  byToken(token: string): Link | undefined
  byPendingRef(pendingRef: string): EnchantedGroup | undefined
}

/** An empty book that remembers the `maxLinks` youngest links. */
export function createLinkBook(maxLinks: number): LinkBook {
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

/** Sets `t` with a URL parser, so that an existing query or fragment is kept (our choice). */
export function linkUrl(redirectUrl: string, token: string): string {
  const url = new URL(redirectUrl)
  url.searchParams.set('t', token)
  return url.href
}
