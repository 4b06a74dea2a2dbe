import { manage } from '../test-users.ts'
import { type Choice, refuses } from './choice.ts'

/** On the management API. */
export const managementChoices: readonly Choice[] = [
  {
    point: 'A user that the management API creates',
    emulated: 'is `invited` until the first sign-in; an address as login ID is the address too',
    source: 'choice',
    check: async (backend) => {
      const loginId = backend.newLoginId()
      const { body } = await manage(backend, '/v1/mgmt/user/create', { loginId })
      await manage(backend, '/v1/mgmt/user/delete', { loginId })
      const user = Object(body['user'])
      return user.status === 'invited' && user.email === loginId && user.verifiedEmail === false
    },
  },
  {
    point: 'An invitation (`invite`, `sendMail`, `sendSMS`)',
    emulated: 'a magic link to `inviteUrl` that signs the user in',
    source: 'choice',
  },
  {
    point: 'A user who is disabled or expired',
    emulated: '401 E061004 for links, and the sessions end: 401 E064001',
    source: 'choice',
  },
  {
    point: '`user/update`',
    emulated: 'sets every field, so that what the request does not name is removed; login IDs stay',
    source: 'docs',
  },
  {
    point: 'A management call for an unknown user',
    emulated: '400 E112102',
    source: 'choice',
    check: (backend) =>
      refuses(
        backend,
        ['/v1/mgmt/user/logout', { loginId: backend.newLoginId() }, backend.managementKey],
        400,
        'E112102',
      ),
  },
  {
    point: 'A management update to another user’s login ID',
    emulated: '400 E111127, also without `failOnConflict`',
    source: 'choice',
  },
  {
    point: 'A tenant, role, permission or access key that does not exist, or exists already',
    emulated: '400 E011004',
    source: 'choice',
  },
  {
    point: 'Roles and tenants that no call created',
    emulated: 'are accepted by name; such a role has no permissions',
    source: 'choice',
  },
  {
    point: 'Default roles, of a project or a tenant',
    emulated: 'are stored and returned, and given to no user',
    source: 'choice',
  },
  {
    point: 'A search without `limit`',
    emulated: '100 users a page, in the order of their creation; unknown filters are ignored',
    source: 'choice',
  },
  {
    point: '`amr` after `mgmt/auth/signin`, `signup` and `signup-in`',
    emulated: '`["mgmt"]`',
    source: 'choice',
  },
  {
    point: '`customClaims` of the management API',
    emulated:
      'at the top level of the tokens, where they replace no other claim; those of a sign-in embedded link are in `nsec`',
    source: 'choice',
  },
  {
    point: '`mgmt/jwt/update` of a refresh token',
    emulated: 'the claims also come with the later tokens of its session',
    source: 'choice',
  },
  {
    point: 'An access key that is inactive, or used from an address outside of `permittedIps`',
    emulated: '401 E062803',
    source: 'choice',
  },
  {
    point: 'An entry of `permittedIps` that is no IP address and no network',
    emulated: '400 E011003',
    source: 'choice',
  },
  {
    point: 'A new address that the management API sets',
    emulated: 'is unverified, unless the request says that it is verified',
    source: 'choice',
  },
  {
    point: '`createdBy` of an access key',
    emulated: '`management-key`',
    source: 'choice',
  },
]
