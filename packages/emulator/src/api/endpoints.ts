import { me } from './account.ts'
import type { Answer, Call } from './call.ts'
import { keySet, legacyKeySet } from './keys.ts'
import { startMagicLink, updateByMagicLink, verifyMagicLink } from './magic-link.ts'
import { logout, logoutAll, refresh, selectTenant, tryRefresh } from './session.ts'

/** Who may call: anybody who names a project, or only who has the management key. */
export type Access = 'open' | 'project' | 'management'

/** One endpoint of the service. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With `:name` parameters. */
  readonly path: string
  readonly access: Access
  readonly handle: (call: Call) => Promise<Answer> | Answer
}

/** The whole API on one page, in the order of the documents. */
export const endpoints: readonly Endpoint[] = [
  post('/v1/auth/magiclink/signup/:method', startMagicLink('sign-up')),
  post('/v1/auth/magiclink/signin/:method', startMagicLink('sign-in')),
  post('/v1/auth/magiclink/signup-in/:method', startMagicLink('sign-up-or-in')),
  post('/v1/auth/magiclink/verify', verifyMagicLink),
  post('/v1/auth/magiclink/update/email', updateByMagicLink('email')),
  post('/v1/auth/magiclink/update/phone', updateByMagicLink('phone')),
  post('/v1/auth/magiclink/update/phone/:method', updateByMagicLink('phone')),

  post('/v1/auth/refresh', refresh),
  get('/v1/auth/refresh', refresh),
  post('/v1/auth/try-refresh', tryRefresh),
  post('/v1/auth/logout', logout),
  post('/v1/auth/logoutall', logoutAll),
  post('/v1/auth/tenant/select', selectTenant),
  get('/v1/auth/me', me),

  get('/v2/keys/:projectId', keySet, 'open'),
  get('/v1/keys/:projectId', legacyKeySet, 'open'),
]

function post(path: string, handle: Endpoint['handle'], access: Access = 'project'): Endpoint {
  return { method: 'POST', path, access, handle }
}

function get(path: string, handle: Endpoint['handle'], access: Access = 'project'): Endpoint {
  return { method: 'GET', path, access, handle }
}
