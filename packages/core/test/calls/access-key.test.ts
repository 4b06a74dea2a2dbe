import {
  makeKey,
  projectId,
  refreshToken,
  sessionToken,
  startStub,
  type Stub,
  type TokenParts,
} from '@linkpass/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDescopeClient } from '../../src/client.ts'
import type { ClientOptions } from '../../src/options.ts'
import { unwrap } from '../../src/result.ts'

const key = makeKey('K1', 'ES256')
const publicKey = key.jwk
const now = Date.now()
const token = (parts: TokenParts = {}) => sessionToken(key, parts, now)

describe('the session token of an access key', () => {
  let stub: Stub
  let sessionJwt: string

  beforeAll(async () => {
    stub = await startStub(({ path }) =>
      path.startsWith('/v2/keys')
        ? { status: 503, body: {} }
        : { body: { keyId: 'K2', sessionJwt } },
    )
  })

  afterAll(() => stub[Symbol.asyncDispose]())

  const clientWith = (options: Partial<ClientOptions>) =>
    createDescopeClient({ projectId, baseUrl: stub.url, ...options })

  it.each([
    ['of another key', () => sessionToken(makeKey('K1', 'ES256'), {}, now), 'ERR_TOKEN_SIGNATURE'],
    ['that is no JWT', () => 'canary', 'ERR_TOKEN_MALFORMED'],
    ['that is a refresh token', () => refreshToken(key, {}, now), 'ERR_TOKEN_KIND'],
    ['of another project', () => token({ claims: { iss: 'P2other' } }), 'ERR_TOKEN_CLAIM'],
    ['bound to a key', () => token({ claims: { cnf: { jkt: 'x' } } }), 'ERR_TOKEN_BOUND'],
    ['that has expired', () => token({ claims: { iat: 1, exp: 2 } }), 'ERR_TOKEN_EXPIRED'],
    [
      'issued ten minutes ahead',
      () => sessionToken(key, {}, now + 600_000 + 20_000),
      'ERR_TOKEN_TOO_EARLY',
    ],
    ['without an audience', () => token(), 'ERR_TOKEN_CLAIM'],
    ['for another audience', () => token({ claims: { aud: ['web', 'apis'] } }), 'ERR_TOKEN_CLAIM'],
  ])('is refused: one %s', async (_what, make, code) => {
    sessionJwt = make()
    await using client = clientWith({ publicKey })
    const result = await client.exchangeAccessKey('K2', undefined, { audience: 'api' })
    expect(result).toMatchObject({ ok: false, code: 0, error: { name: 'TokenError', code } })
    expect(JSON.stringify(result)).not.toContain(sessionJwt)
    expect(() => unwrap(result)).toThrow(result.error?.message)
  })

  it.each(['api', ['web', 'api']])('is accepted for the audience %j', async (audience) => {
    sessionJwt = token({ claims: { aud: ['api', 'other'] } })
    await using client = clientWith({ publicKey })
    const result = await client.exchangeAccessKey('K2', {}, { audience })
    expect(result).toEqual({ ok: true, code: 200, data: { keyId: 'K2', sessionJwt } })
  })

  it('must name an audience of the client, too', async () => {
    sessionJwt = token({ claims: { aud: 'api' } })
    await using client = clientWith({ publicKey, audience: 'web' })
    const { error } = await client.exchangeAccessKey('K2', {}, { audience: 'api' })
    expect(error).toMatchObject({ code: 'ERR_TOKEN_CLAIM', claim: 'aud' })
  })

  it('is issued up to five minutes ahead of a slow clock', async () => {
    sessionJwt = sessionToken(key, {}, now + 240_000)
    await using client = clientWith({ publicKey })
    expect(await client.exchangeAccessKey('K2')).toMatchObject({ ok: true })
  })

  it('is not returned while the keys are unavailable, which says nothing about it', async () => {
    sessionJwt = token()
    await using client = clientWith({})
    const { error } = await client.exchangeAccessKey('K2')
    expect(error).toMatchObject({ name: 'KeySetError', code: 'ERR_KEY_SET_UNAVAILABLE' })
  })
})

it('an exchange ends with its signal while the keys do not arrive', async () => {
  const abort = new AbortController()
  await using stub = await startStub(({ path }) => {
    if (!path.startsWith('/v2/keys')) return { body: { keyId: 'K2', sessionJwt: token() } }
    abort.abort('the caller has left')
    return new Promise(() => {})
  })
  const client = createDescopeClient({ projectId, baseUrl: stub.url, timeoutMs: 600_000 })
  const { error } = await client.with({ signal: abort.signal }).exchangeAccessKey('K2')
  expect(error).toMatchObject({ code: 'ERR_ABORTED', mayHaveBeenProcessed: true })
  void client.close()
})
