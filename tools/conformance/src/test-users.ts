import type { Backend, RawResponse } from './backend.ts'

/** A test user: the management API returns links for them. */
export interface TestUser {
  readonly loginId: string
  readonly userId: string
}

/** Both tokens of a session. */
export interface Tokens {
  readonly sessionJwt: string
  readonly refreshJwt: string
}

/** Creates a test user with an email address, a phone number and the given tenants. */
export async function createTestUser(
  backend: Backend,
  userTenants: readonly { tenantId: string }[] = [],
): Promise<TestUser> {
  const loginId = backend.newLoginId()
  const response = await manage(backend, '/v1/mgmt/user/create/test', {
    loginId,
    email: loginId,
    phone: `+1415555${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`,
    test: true,
    userTenants,
  })
  return { loginId, userId: text(response.body['user'], 'userId') }
}

/** Deletes a test user, so that a live project keeps none. */
export async function deleteTestUser(backend: Backend, { loginId }: TestUser): Promise<void> {
  await backend.post('/v1/mgmt/user/delete', { loginId }, backend.managementKey)
}

/** The one-time token of a magic link made for a test user. */
export async function magicToken(
  backend: Backend,
  { loginId }: TestUser,
  more: object = {},
): Promise<string> {
  const response = await manage(backend, '/v1/mgmt/tests/generate/magiclink', {
    loginId,
    deliveryMethod: 'email',
    redirectUrl: backend.redirectUrl,
    ...more,
  })
  return tokenOf(text(response.body, 'link'))
}

/** The token of the right link of an enchanted-link attempt of a test user, and its reference. */
export async function enchantedToken(
  backend: Backend,
  { loginId }: TestUser,
): Promise<{ token: string; pendingRef: string }> {
  const redirectUrl = backend.redirectUrl
  const body = { loginId, redirectUrl }
  const response = await manage(backend, '/v1/mgmt/tests/generate/enchantedlink', body)
  return {
    token: tokenOf(text(response.body, 'link')),
    pendingRef: text(response.body, 'pendingRef'),
  }
}

/** Signs a test user in without an SDK. */
export async function signIn(backend: Backend, testUser: TestUser): Promise<Tokens> {
  const token = await magicToken(backend, testUser)
  return tokensOf((await backend.post('/v1/auth/magiclink/verify', { token })).body)
}

/** Both tokens of a session response; throws if one is missing. */
export function tokensOf(data: unknown): Tokens {
  return { sessionJwt: text(data, 'sessionJwt'), refreshJwt: text(data, 'refreshJwt') }
}

/** A text field of a response; throws if it is missing or empty. */
export function text(data: unknown, field: string): string {
  const value: unknown = Object(data)[field]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`The response has no ${field}.`)
}

/** A call of the management API; throws on an error response. */
export async function manage(backend: Backend, path: string, body: object): Promise<RawResponse> {
  const response = await backend.post(path, body, backend.managementKey)
  if (response.status === 200) return response
  throw new Error(`${path} returned ${response.status} ${String(response.body['errorCode'])}.`)
}

function tokenOf(link: string): string {
  const token = new URL(link).searchParams.get('t')
  if (token === null) throw new Error('The link has no t.')
  return token
}
