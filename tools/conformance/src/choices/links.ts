import { enchantedToken, magicToken } from '../test-users.ts'
import { type Choice, generatedLink, refuses, pollPath, verifyPath } from './choice.ts'

/** On links and messages. */
export const linkChoices: readonly Choice[] = [
  {
    point: 'Sign-in of an unknown login ID',
    emulated: '400 E062108',
    source: 'choice',
    check: (backend) =>
      refuses(
        backend,
        ['/v1/auth/magiclink/signin/email', { loginId: backend.newLoginId() }],
        400,
        'E062108',
      ),
  },
  {
    point: 'Sign-up of a known login ID',
    emulated: '400 E062107',
    source: 'choice',
    check: (backend, { loginId }) =>
      refuses(backend, ['/v1/auth/magiclink/signup/email', { loginId }], 400, 'E062107'),
  },
  {
    point: 'Sign-up again before the first link was opened',
    emulated: 'another link; the first one opened creates the user',
    source: 'choice',
  },
  {
    point: '`tenantId` in the login options',
    emulated: 'a new user joins the tenant; for a user outside of it 400 E011004',
    source: 'choice',
  },
  {
    point: 'A required field is missing',
    emulated: '400 E011003 "The … field is required"',
    source: 'docs',
    check: (backend) => refuses(backend, [verifyPath, {}], 400, 'E011003'),
  },
  {
    point: 'A magic-link token that was used or has expired',
    emulated: '401 E062504',
    source: 'docs',
    check: async (backend, testUser) => {
      const token = await magicToken(backend, testUser)
      await backend.post(verifyPath, { token })
      return refuses(backend, [verifyPath, { token }], 401, 'E062504')
    },
  },
  {
    point: 'An unknown magic-link token',
    emulated: '401 E063010',
    source: 'choice',
    check: (backend) => refuses(backend, [verifyPath, { token: 'never-was' }], 401, 'E063010'),
  },
  {
    point: 'Both `URI` and `redirectUrl` in one request',
    emulated: 'a non-empty `redirectUrl` counts',
    source: 'choice',
    check: async (backend, testUser) => {
      const { redirectUrl } = backend
      const other = `${redirectUrl}/other`
      const link = await generatedLink(backend, testUser, { redirectUrl, URI: other })
      return link === `${redirectUrl}?t=TOKEN`
    },
  },
  {
    point: 'How `t` joins a redirect that has a query',
    emulated: 'as one more parameter, at the end',
    source: 'choice',
    check: async (backend, testUser) => {
      const redirectUrl = `${backend.redirectUrl}?x=1`
      const link = await generatedLink(backend, testUser, { redirectUrl })
      return link === `${redirectUrl}&t=TOKEN`
    },
  },
  {
    point: 'A redirect to a domain that is not approved',
    emulated: '401 E061004; unless `approvedDomains` is set, every domain is approved',
    source: 'choice',
  },
  {
    point: 'Masked addresses',
    emulated: '`ad***@***le.com`, `+1***890`',
    source: 'choice',
    check: async (backend, { loginId }) => {
      const response = await backend.post('/v1/auth/magiclink/signin/email', {
        loginId,
        redirectUrl: backend.redirectUrl,
      })
      return response.body['maskedEmail'] === 'co***@***le.com'
    },
  },
  {
    point: 'Login IDs that differ in case only',
    emulated: 'are the same user',
    source: 'choice',
    check: async (backend, { loginId }) => {
      const response = await backend.post('/v1/auth/magiclink/signin/email', {
        loginId: loginId.toUpperCase(),
        redirectUrl: backend.redirectUrl,
      })
      return response.status === 200
    },
  },
  {
    point: 'An enchanted link that is not verified yet',
    emulated: '401 E062503',
    source: 'docs',
    check: async (backend, testUser) => {
      const { pendingRef } = await enchantedToken(backend, testUser)
      return refuses(backend, [pollPath, { pendingRef }], 401, 'E062503')
    },
  },
  {
    point: 'An unknown `pendingRef`',
    emulated: '401 E062504',
    source: 'choice',
    check: (backend) => refuses(backend, [pollPath, { pendingRef: 'never-was' }], 401, 'E062504'),
  },
  {
    point: 'Fetching the session of an enchanted link a second time',
    emulated: '401 E062504: it is handed out once, within five minutes of the approval',
    source: 'choice',
    check: async (backend, testUser) => {
      const { token, pendingRef } = await enchantedToken(backend, testUser)
      await backend.post('/v1/auth/enchantedlink/verify', { token })
      await backend.post(pollPath, { pendingRef })
      return refuses(backend, [pollPath, { pendingRef }], 401, 'E062504')
    },
  },
  {
    point: 'The wrong one of the three enchanted links',
    emulated: '401 E062504; no link is redeemed, and the right one still works',
    source: 'choice',
  },
  {
    point: '`pkceChallenge` of an enchanted link',
    emulated: 'the SHA-256 of the verifier (RFC 7636), in base64 or base64url',
    source: 'choice',
  },
  {
    point: 'An embedded link without `timeout`',
    emulated: 'works for 3 minutes',
    source: 'choice',
  },
  {
    point: 'A new address that is another user’s login ID',
    emulated:
      'with `failOnConflict` 400 E062125; else the two are merged: the signed-in user stays, or the other one with `onMergeUseExisting`',
    source: 'choice',
  },
  {
    point: 'A new address whose predecessor is a login ID',
    emulated: 'takes its place, unless `addToLoginIDs` keeps both',
    source: 'docs',
  },
]
