import { describe, expect, test } from 'vitest'
import type { PresentedTokens } from '../../src/model/outcome.ts'
import { createTestService, makeKey, refreshToken, sessionToken, startTime } from './service.ts'

const key = makeKey('K1', 'ES256')
const theirs = makeKey('K9', 'ES256')
const theirId = 'P2zzzzzzzzzzzzzzzzzzzzzzzzzzz'
const theirUrl = `https://api.descope.com/v1/apps/${theirId}`

const create = () => createTestService({ keySet: () => ({ keys: [key.jwk] }) })
const foreign = (iss: unknown = theirId): string => sessionToken(theirs, { claims: { iss } })
const foreignRefresh = refreshToken(theirs, { claims: { iss: theirId } })
const old = sessionToken(theirs, { claims: { iss: theirId } }, startTime - 3_600_000)

describe('T-60: a deployment with the wrong project id', () => {
  test.each<[string, PresentedTokens]>([
    ['a session', { sessionJwt: foreign() }],
    ['a session whose issuer is a URL', { sessionJwt: foreign(theirUrl) }],
    ['a session and its refresh token', { sessionJwt: foreign(), refreshJwt: foreignRefresh }],
    ['an expired session', { sessionJwt: old, refreshJwt: foreignRefresh }],
    ['a refresh token alone', { refreshJwt: foreignRefresh }],
  ])('lets nobody in with %s, and takes it for no dead one', async (_, presented) => {
    const { sessions, calls } = create()
    const outcome = await sessions.authenticate(presented)
    expect(outcome).toEqual({ status: 'signed-out', reason: 'other-project' })
    expect(Object.isFrozen(outcome)).toBe(true)
    expect(calls.refresh).toBe(0)
  })

  test.each<[string, PresentedTokens]>([
    ['a stranger’s signature in our name', { sessionJwt: sessionToken(theirs) }],
    [
      'our signature in another name',
      { sessionJwt: sessionToken(key, { claims: { iss: theirId } }) },
    ],
    ['an issuer that is no project', { sessionJwt: foreign('https://evil.example/') }],
    [
      'an issuer that names us too',
      { sessionJwt: foreign(`${theirUrl}/P2abcdefghijklmnopqrstuvwxyz`) },
    ],
    ['an issuer that is no text', { sessionJwt: foreign(7) }],
    ['rubbish', { sessionJwt: 'rubbish', refreshJwt: 'rubbish' }],
    ['more than a token may be long', { sessionJwt: `${foreign()}${'A'.repeat(20_000)}` }],
  ])('is not what %s looks like', async (_, presented) => {
    const outcome = await create().sessions.authenticate(presented)
    expect(outcome).toEqual({ status: 'signed-out', reason: 'invalid' })
  })

  test('whoever floods it with such tokens costs it no key fetch each', async () => {
    const { sessions, calls } = create()
    await sessions.warmUp()
    await Promise.all(
      Array.from({ length: 500 }, async () => sessions.authenticate({ sessionJwt: foreign() })),
    )
    expect(calls.keys).toBeLessThanOrEqual(2)
  })
})
