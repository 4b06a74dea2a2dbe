import { makeKey, sessionToken } from '@linkpass/testing'
import type { DescopeClient } from '../../src/client.ts'
import type { AnyLinkpassError } from '../../src/errors.ts'
import type { Result } from '../../src/result.ts'
import { projectId, refreshJwt, sessionJwt, uri } from '../fixtures.ts'

/** One call as a caller writes it, and the request that it must become. */
export interface WireCase {
  /** The call's name on the client. */
  readonly call: string
  /** Which arguments and options this case is about, for the table in the documents. */
  readonly covers: string
  readonly run: (client: DescopeClient) => Promise<Result<unknown, AnyLinkpassError>>
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** What follows the project id in the bearer. */
  readonly token?: string
  readonly body?: object
  /** The response of the service, and the data the caller gets if that differs. */
  readonly response: unknown
  readonly data?: unknown
}

/** The key of {@link signedJwt}, which is verified when an access key was exchanged for it. */
export const signingKey = makeKey('K1', 'ES256')
const claims = { iss: projectId, sub: 'K2', aud: 'api' }
const signedJwt = sessionToken(signingKey, { claims }, Date.now())

const email = 'ada@example.test'
const phone = '+15555550100'
const maskedEmail = { maskedEmail: 'a***@example.test' }
const maskedPhone = { maskedPhone: '*****0100' }
const start = { linkId: '42', pendingRef: 'pending-1', ...maskedEmail }
const tokens = {
  sessionJwt,
  refreshJwt,
  firstSeen: true,
  cookieDomain: 'example.test',
  cookiePath: '/',
  cookieMaxAge: 2419200,
  cookieExpiration: 1800000000,
  sessionExpiration: 1800000000,
  user: { userId: 'U2', loginIds: [email], email, verifiedEmail: true },
}
const user = {
  name: 'Ada Lovelace',
  email,
  phone,
  givenName: 'Ada',
  middleName: 'King',
  familyName: 'Lovelace',
}
const signUpOptions = {
  customClaims: { plan: 'free', seats: 2 },
  templateId: 'welcome',
  templateOptions: { greeting: 'Hello' },
  tenantId: 'acme',
  locale: 'de',
  pkceChallenge: 'Y2hhbGxlbmdl',
}
const loginOptions = { ...signUpOptions, revokeOtherSessions: true }
const updateOptions = {
  addToLoginIDs: true,
  onMergeUseExisting: true,
  failOnConflict: false,
  templateId: 'change',
  templateOptions: { greeting: 'Hello' },
  providerId: 'ses',
  locale: 'de',
}

const channels = [
  { by: 'email', loginId: email, masked: maskedEmail },
  { by: 'sms', loginId: phone, masked: maskedPhone },
  { by: 'whatsapp', loginId: phone, masked: maskedPhone },
] as const

const magicLinkStarts: WireCase[] = channels.flatMap(({ by, loginId, masked }): WireCase[] => [
  {
    call: `magicLink.signUp.${by}`,
    covers: 'login ID alone',
    run: (client) => client.magicLink.signUp[by](loginId),
    method: 'POST',
    path: `/v1/auth/magiclink/signup/${by}`,
    body: { loginId, loginOptions: {} },
    response: masked,
  },
  {
    call: `magicLink.signUp.${by}`,
    covers: 'redirect, user, every option',
    run: (client) =>
      client.magicLink.signUp[by](loginId, uri, user, { ...signUpOptions, providerId: 'ses' }),
    method: 'POST',
    path: `/v1/auth/magiclink/signup/${by}`,
    body: { loginId, redirectUrl: uri, user, loginOptions: signUpOptions, providerId: 'ses' },
    response: masked,
  },
  {
    call: `magicLink.signIn.${by}`,
    covers: 'redirect, every option',
    run: (client) =>
      client.magicLink.signIn[by](loginId, uri, { ...loginOptions, providerId: 'ses' }),
    method: 'POST',
    path: `/v1/auth/magiclink/signin/${by}`,
    body: { loginId, redirectUrl: uri, loginOptions, providerId: 'ses' },
    response: masked,
  },
  {
    call: `magicLink.signIn.${by}`,
    covers: '`stepup` with a refresh token',
    run: (client) => client.magicLink.signIn[by](loginId, uri, { stepup: true }, refreshJwt),
    method: 'POST',
    path: `/v1/auth/magiclink/signin/${by}`,
    token: refreshJwt,
    body: { loginId, redirectUrl: uri, loginOptions: { stepup: true } },
    response: masked,
  },
  {
    call: `magicLink.signIn.${by}`,
    covers: '`mfa` with a refresh token, no redirect',
    run: (client) => client.magicLink.signIn[by](loginId, undefined, { mfa: true }, refreshJwt),
    method: 'POST',
    path: `/v1/auth/magiclink/signin/${by}`,
    token: refreshJwt,
    body: { loginId, loginOptions: { mfa: true } },
    response: masked,
  },
  {
    call: `magicLink.signIn.${by}`,
    covers: '`ssoAppId`, at both levels',
    run: (client) => client.magicLink.signIn[by](loginId, uri, { ssoAppId: 'wiki' }),
    method: 'POST',
    path: `/v1/auth/magiclink/signin/${by}`,
    body: {
      loginId,
      redirectUrl: uri,
      loginOptions: { ssoAppId: 'wiki' },
      ssoAppId: 'wiki',
    },
    response: masked,
  },
  {
    call: `magicLink.signUpOrIn.${by}`,
    covers: 'redirect, every option',
    run: (client) =>
      client.magicLink.signUpOrIn[by](loginId, uri, { ...signUpOptions, providerId: 'ses' }),
    method: 'POST',
    path: `/v1/auth/magiclink/signup-in/${by}`,
    body: { loginId, redirectUrl: uri, loginOptions: signUpOptions, providerId: 'ses' },
    response: masked,
  },
])

const unnamedOption = { revokeOtherSessionsTypes: ['web'] }

const magicLinkRest: WireCase[] = [
  {
    call: 'magicLink.signIn.email',
    covers: 'an option that the types do not name',
    run: (client) => client.magicLink.signIn.email(email, uri, unnamedOption as object),
    method: 'POST',
    path: '/v1/auth/magiclink/signin/email',
    body: { loginId: email, redirectUrl: uri, loginOptions: unnamedOption },
    response: maskedEmail,
  },
  {
    call: 'magicLink.verify',
    covers: 'tokens in the body',
    run: (client) => client.magicLink.verify('one-time_token.1~'),
    method: 'POST',
    path: '/v1/auth/magiclink/verify',
    body: { token: 'one-time_token.1~' },
    response: { ...tokens, newField: 1 },
    data: tokens,
  },
  {
    call: 'magicLink.update.email',
    covers: 'as documented',
    run: (client) =>
      client.magicLink.update.email(email, 'new@example.test', refreshJwt, updateOptions),
    method: 'POST',
    path: '/v1/auth/magiclink/update/email',
    token: refreshJwt,
    body: { loginId: email, email: 'new@example.test', ...updateOptions },
    response: maskedEmail,
  },
  {
    call: 'magicLink.update.email',
    covers: 'with a redirect',
    run: (client) => client.magicLink.update.email(email, 'new@example.test', uri, refreshJwt),
    method: 'POST',
    path: '/v1/auth/magiclink/update/email',
    token: refreshJwt,
    body: { loginId: email, email: 'new@example.test', redirectUrl: uri },
    response: maskedEmail,
  },
  {
    call: 'magicLink.update.email',
    covers: 'without a redirect, in the other order',
    run: (client) =>
      client.magicLink.update.email(email, 'new@example.test', undefined, refreshJwt, {
        addToLoginIDs: true,
      }),
    method: 'POST',
    path: '/v1/auth/magiclink/update/email',
    token: refreshJwt,
    body: { loginId: email, email: 'new@example.test', addToLoginIDs: true },
    response: maskedEmail,
  },
  ...(['sms', 'whatsapp'] as const).flatMap((by): WireCase[] => [
    {
      call: 'magicLink.update.phone',
      covers: `as documented, by "${by}"`,
      run: (client) => client.magicLink.update.phone(by, email, phone, refreshJwt, updateOptions),
      method: 'POST',
      path: `/v1/auth/magiclink/update/phone/${by}`,
      token: refreshJwt,
      body: { loginId: email, phone, ...updateOptions },
      response: maskedPhone,
    },
    {
      call: `magicLink.update.phone.${by}`,
      covers: 'with a redirect',
      run: (client) =>
        client.magicLink.update.phone[by](email, phone, uri, refreshJwt, updateOptions),
      method: 'POST',
      path: `/v1/auth/magiclink/update/phone/${by}`,
      token: refreshJwt,
      body: { loginId: email, phone, redirectUrl: uri, ...updateOptions },
      response: maskedPhone,
    },
  ]),
]

const enchantedLink: WireCase[] = [
  {
    call: 'enchantedLink.signUp',
    covers: 'redirect, user, every option',
    run: (client) =>
      client.enchantedLink.signUp(email, uri, user, { ...signUpOptions, providerId: 'ses' }),
    method: 'POST',
    path: '/v1/auth/enchantedlink/signup/email',
    body: {
      loginId: email,
      redirectUrl: uri,
      user,
      loginOptions: signUpOptions,
      providerId: 'ses',
    },
    response: start,
  },
  {
    call: 'enchantedLink.signIn',
    covers: 'redirect, every option',
    run: (client) =>
      client.enchantedLink.signIn(email, uri, { ...loginOptions, providerId: 'ses' }),
    method: 'POST',
    path: '/v1/auth/enchantedlink/signin/email',
    body: { loginId: email, redirectUrl: uri, loginOptions, providerId: 'ses' },
    response: start,
  },
  {
    call: 'enchantedLink.signIn',
    covers: '`stepup` and `mfa` with a refresh token',
    run: (client) =>
      client.enchantedLink.signIn(email, uri, { stepup: true, mfa: true }, refreshJwt),
    method: 'POST',
    path: '/v1/auth/enchantedlink/signin/email',
    token: refreshJwt,
    body: { loginId: email, redirectUrl: uri, loginOptions: { stepup: true, mfa: true } },
    response: start,
  },
  {
    call: 'enchantedLink.signIn',
    covers: '`ssoAppId`, at both levels',
    run: (client) => client.enchantedLink.signIn(email, uri, { ssoAppId: 'wiki' }),
    method: 'POST',
    path: '/v1/auth/enchantedlink/signin/email',
    body: {
      loginId: email,
      redirectUrl: uri,
      loginOptions: { ssoAppId: 'wiki' },
      ssoAppId: 'wiki',
    },
    response: start,
  },
  {
    call: 'enchantedLink.signUpOrIn',
    covers: 'redirect, every option',
    run: (client) =>
      client.enchantedLink.signUpOrIn(email, uri, { ...signUpOptions, providerId: 'ses' }),
    method: 'POST',
    path: '/v1/auth/enchantedlink/signup-in/email',
    body: { loginId: email, redirectUrl: uri, loginOptions: signUpOptions, providerId: 'ses' },
    response: start,
  },
  {
    call: 'enchantedLink.verify',
    covers: 'token alone',
    run: (client) => client.enchantedLink.verify('one-time'),
    method: 'POST',
    path: '/v1/auth/enchantedlink/verify',
    body: { token: 'one-time' },
    response: {},
  },
  {
    call: 'enchantedLink.verify',
    covers: '`pkceVerifier`',
    run: (client) => client.enchantedLink.verify('one-time', { pkceVerifier: 'dmVyaWZpZXI' }),
    method: 'POST',
    path: '/v1/auth/enchantedlink/verify',
    body: { token: 'one-time', pkceVerifier: 'dmVyaWZpZXI' },
    response: {},
  },
  {
    call: 'enchantedLink.getSession',
    covers: 'one poll',
    run: (client) => client.enchantedLink.getSession('pending-1'),
    method: 'POST',
    path: '/v1/auth/enchantedlink/pending-session',
    body: { pendingRef: 'pending-1' },
    response: tokens,
  },
  {
    call: 'enchantedLink.waitForSession',
    covers: 'a session that exists at once',
    run: (client) => client.enchantedLink.waitForSession('pending-1'),
    method: 'POST',
    path: '/v1/auth/enchantedlink/pending-session',
    body: { pendingRef: 'pending-1' },
    response: tokens,
  },
  {
    call: 'enchantedLink.update.email',
    covers: 'as documented',
    run: (client) =>
      client.enchantedLink.update.email(email, 'new@example.test', refreshJwt, updateOptions),
    method: 'POST',
    path: '/v1/auth/enchantedlink/update/email',
    token: refreshJwt,
    body: { loginId: email, email: 'new@example.test', ...updateOptions },
    response: start,
  },
  {
    call: 'enchantedLink.update.email',
    covers: 'with a redirect',
    run: (client) => client.enchantedLink.update.email(email, 'new@example.test', uri, refreshJwt),
    method: 'POST',
    path: '/v1/auth/enchantedlink/update/email',
    token: refreshJwt,
    body: { loginId: email, email: 'new@example.test', redirectUrl: uri },
    response: start,
  },
]

const account: WireCase[] = [
  {
    call: 'refresh',
    covers: 'a refresh token that is not rotated',
    run: (client) => client.refresh(refreshJwt),
    method: 'POST',
    path: '/v1/auth/refresh',
    token: refreshJwt,
    body: {},
    response: { sessionJwt },
  },
  {
    call: 'logout',
    covers: 'a response with empty tokens',
    run: (client) => client.logout(refreshJwt),
    method: 'POST',
    path: '/v1/auth/logout',
    token: refreshJwt,
    body: {},
    response: { sessionJwt: '', refreshJwt: '' },
    data: {},
  },
  {
    call: 'logoutAll',
    covers: 'a response with empty tokens',
    run: (client) => client.logoutAll(refreshJwt),
    method: 'POST',
    path: '/v1/auth/logoutall',
    token: refreshJwt,
    body: {},
    response: { sessionJwt: '', refreshJwt: '' },
    data: {},
  },
  {
    call: 'me',
    covers: 'fields that are null or unknown',
    run: (client) => client.me(refreshJwt),
    method: 'GET',
    path: '/v1/auth/me',
    token: refreshJwt,
    response: {
      ...tokens.user,
      phone: null,
      userTenants: [{ tenantId: 'a', roleNames: null }],
      x: 1,
    },
    data: { ...tokens.user, userTenants: [{ tenantId: 'a' }] },
  },
  {
    call: 'myTenants',
    covers: 'the current one',
    run: (client) => client.myTenants(true, refreshJwt),
    method: 'POST',
    path: '/v1/auth/me/tenants',
    token: refreshJwt,
    body: { dct: true },
    response: { tenants: [{ id: 'acme', name: 'Acme', customAttributes: {} }] },
  },
  {
    call: 'myTenants',
    covers: 'by their ids',
    run: (client) => client.myTenants(['acme', 'umbrella'], refreshJwt),
    method: 'POST',
    path: '/v1/auth/me/tenants',
    token: refreshJwt,
    body: { ids: ['acme', 'umbrella'] },
    response: { tenants: [] },
  },
  {
    call: 'history',
    covers: 'a bare list',
    run: (client) => client.history(refreshJwt),
    method: 'GET',
    path: '/v1/auth/me/history',
    token: refreshJwt,
    response: [{ userId: 'U2', loginTime: 1800000000, city: 'Turin', country: 'IT', ip: '::1' }],
  },
  {
    call: 'selectTenant',
    covers: 'new tokens',
    run: (client) => client.selectTenant('acme', refreshJwt),
    method: 'POST',
    path: '/v1/auth/tenant/select',
    token: refreshJwt,
    body: { tenant: 'acme' },
    response: tokens,
  },
  {
    call: 'exchangeAccessKey',
    covers: 'key alone',
    run: (client) => client.exchangeAccessKey('K2accesskey'),
    method: 'POST',
    path: '/v1/auth/accesskey/exchange',
    token: 'K2accesskey',
    body: {},
    response: { keyId: 'K2', sessionJwt: signedJwt, expiration: 1800000000 },
  },
  {
    call: 'exchangeAccessKey',
    covers: '`customClaims`, `selectedTenant`, `audience`',
    run: (client) =>
      client.exchangeAccessKey(
        'K2accesskey',
        { customClaims: { a: 1 }, selectedTenant: 'acme' },
        { audience: 'api' },
      ),
    method: 'POST',
    path: '/v1/auth/accesskey/exchange',
    token: 'K2accesskey',
    body: { loginOptions: { customClaims: { a: 1 }, selectedTenant: 'acme' } },
    response: { keyId: 'K2', sessionJwt: signedJwt },
  },
]

/** Every call, with every option somewhere. */
export const wireCases: readonly WireCase[] = [
  ...magicLinkStarts,
  ...magicLinkRest,
  ...enchantedLink,
  ...account,
]
