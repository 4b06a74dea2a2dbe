import type { World } from '../../world/world.ts'
import { looksLikeJwt } from '../bearer.ts'
import { ServiceError } from '../service-error.ts'
import type { RedirectFields } from '../schemas.ts'

/**
 * The URL the link leads to: a non-empty `redirectUrl`, else `URI`, else the default of the project.
 *
 * @throws {ServiceError} it is not an absolute URL, or its host is not an approved domain
 */
export function resolveRedirect(world: World, given: RedirectFields, fallback: string): string {
  const redirect = given.redirectUrl ?? given.URI
  if (redirect === undefined) return fallback
  if (!URL.canParse(redirect)) {
    throw new ServiceError(
      'invalidRequest',
      'The redirectUrl field must be an absolute URL',
      looksLikeJwt(redirect)
        ? 'The redirect URL is a token: the arguments of the call are shifted. The order is update.email(loginId, email, URI, token, options).'
        : 'Pass a URL such as http://localhost:3000/auth/verify.',
    )
  }
  const { hostname, protocol } = new URL(redirect)
  if (protocol === 'javascript:' || protocol === 'data:') {
    throw new ServiceError('invalidRequest', 'The redirectUrl field must lead to a page or an app')
  }
  const { approvedDomains } = world.settings
  if (approvedDomains === undefined || isApproved(hostname, approvedDomains)) return redirect
  throw new ServiceError(
    'unauthorized',
    'The redirect URL is not of an approved domain',
    `Add ${JSON.stringify(hostname)} to the approvedDomains of the emulator.`,
  )
}

/** Whether a host is on the list; `*.example.com` matches every subdomain. */
export function isApproved(hostname: string, approvedDomains: readonly string[]): boolean {
  return approvedDomains.some((domain) =>
    domain.startsWith('*.') ? hostname.endsWith(domain.slice(1)) : hostname === domain,
  )
}
