import { decodeJwt } from 'jose'
import { manage, signIn, text } from '../test-users.ts'
import { type Choice, refuses, verifyPath } from './choice.ts'

/** On sessions, tokens and everything else. */
export const sessionChoices: readonly Choice[] = [
  {
    point: 'A call for a user without a refresh token',
    emulated: '401 E061004',
    source: 'choice',
    check: (backend) => refuses(backend, ['/v1/auth/logoutall', {}], 401, 'E061004'),
  },
  {
    point: 'A refresh token that is forged',
    emulated: '401 E061005',
    source: 'docs',
    check: async (backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const forged = `${refreshJwt.slice(0, -8)}AAAAAAAA`
      return refuses(backend, ['/v1/auth/refresh', {}, forged], 401, 'E061005')
    },
  },
  {
    point: 'A refresh token whose session was logged out',
    emulated: '401 E064001',
    source: 'docs',
    check: async (backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      await backend.post('/v1/auth/logout', {}, refreshJwt)
      return refuses(backend, ['/v1/auth/refresh', {}, refreshJwt], 401, 'E064001')
    },
  },
  {
    point: 'The response to a refresh',
    emulated: 'holds `user`, and an empty `refreshJwt` without rotation',
    source: 'choice',
    check: async (backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const { body } = await backend.post('/v1/auth/refresh', {}, refreshJwt)
      return !body['refreshJwt'] && Object(body['user']).userId === testUser.userId
    },
  },
  {
    point: 'Rotation of refresh tokens, where it is on',
    emulated:
      'the old token gets the successor again for 10 s; used later, its whole family is revoked; the end of the session does not move',
    source: 'choice',
  },
  {
    point: 'A session that was not refreshed within `inactivitySeconds`, where it is set',
    emulated: '401 E064001',
    source: 'choice',
  },
  {
    point: 'Default lifetimes',
    emulated: 'link 10 min, session 10 min, refresh 28 days, step-up 10 min',
    source: 'choice',
  },
  {
    point: '`jti` in both tokens',
    emulated: 'random, so that two tokens of one second differ',
    source: 'choice',
    check: async (backend, testUser) => {
      const { sessionJwt } = await signIn(backend, testUser)
      return typeof decodeJwt(sessionJwt).jti === 'string'
    },
  },
  {
    point: '`iss` of the tokens',
    emulated: 'the project ID, the form every SDK accepts',
    source: 'docs',
    check: async (backend, testUser) => {
      const { sessionJwt } = await signIn(backend, testUser)
      return decodeJwt(sessionJwt).iss === backend.projectId
    },
  },
  {
    point: '`dct` of a user in exactly one tenant',
    emulated: 'that tenant',
    source: 'docs',
  },
  {
    point: '`amr` after a sign-in by embedded link',
    emulated: '`["embeddedlink"]`',
    source: 'choice',
    check: async (backend, { loginId }) => {
      const path = '/v1/mgmt/user/signin/embeddedlink'
      const token = text((await manage(backend, path, { loginId })).body, 'token')
      const { body } = await backend.post(verifyPath, { token })
      return String(decodeJwt(text(body, 'sessionJwt'))['amr']) === 'embeddedlink'
    },
  },
  {
    point: '`amr` after a second factor',
    emulated: 'the factors of both, and `mfa`',
    source: 'choice',
  },
  {
    point: 'An invalid access key',
    emulated: '401 E062803',
    source: 'choice',
    check: (backend) =>
      refuses(backend, ['/v1/auth/accesskey/exchange', {}, 'K2nonsense'], 401, 'E062803'),
  },
  {
    point: 'Selecting a tenant that the user is not in',
    emulated: '400 E011004',
    source: 'choice',
    check: async (backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const body = { tenant: 'nowhere' }
      return refuses(backend, ['/v1/auth/tenant/select', body, refreshJwt], 400, 'E011004')
    },
  },
  {
    point: '`revokeOtherSessionsTypes`, `logoutType`, `useRecovery`, `externalToken`, `ssoAppId`',
    emulated: 'accepted and ignored',
    source: 'choice',
  },
  {
    point: '`su` after a step-up',
    emulated: 'holds for the step-up lifetime, through refreshes; the session token ends with it',
    source: 'choice',
  },
  {
    point: 'The refresh token that selected a tenant',
    emulated: 'stays valid beside the new one',
    source: 'choice',
  },
  {
    point: 'An unknown project ID',
    emulated: 'is a new, empty project',
    source: 'choice',
  },
  {
    point: 'Rate limits',
    emulated: 'none, but for a fault: 429 E130429 with Retry-After',
    source: 'docs',
  },
  {
    point: 'A path that does not exist',
    emulated: '404 E011001',
    source: 'choice',
    check: (backend) => refuses(backend, ['/v1/auth/no/such/thing', {}], 404, 'E011001'),
  },
]
