import { assert, asyncProperty, integer } from 'fast-check'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { projectId, sessionToken, startTime } from '@linkpass/testing'
import { mutatedToken, publishedKeys } from '@linkpass/testing/mutated-token'
import { asymmetricAlgorithms } from '../../src/options.ts'
import { createTestService } from '../session/service.ts'

const set = { keys: publishedKeys.map((key) => key.jwk) }
const joseKeys = createLocalJWKSet(set)

async function isAcceptedByJose(jwt: string): Promise<boolean> {
  try {
    await jwtVerify(jwt, joseKeys, {
      algorithms: [...asymmetricAlgorithms],
      clockTolerance: 5,
      currentDate: new Date(startTime),
    })
    return true
  } catch {
    return false
  }
}

describe('compared with jose', () => {
  test.each(publishedKeys)('a valid $alg token is accepted by us and by jose', async (key) => {
    const { sessions } = createTestService({
      keySet: () => set,
      algorithms: asymmetricAlgorithms,
    })
    const jwt = sessionToken(key)
    await expect(sessions.validateSession(jwt)).resolves.toMatchObject({ jwt })
    expect(await isAcceptedByJose(jwt)).toBe(true)
  })

  test('every token that is accepted is accepted by jose', async () => {
    const { sessions } = createTestService({
      keySet: () => set,
      algorithms: asymmetricAlgorithms,
      cache: false,
    })
    let accepted = 0
    await assert(
      asyncProperty(integer(), async (seed) => {
        const jwt = mutatedToken(seed, projectId)
        const outcome = await sessions.authenticate({ sessionJwt: jwt })
        if (outcome.status !== 'signed-in') return
        accepted += 1
        expect(await isAcceptedByJose(jwt)).toBe(true)
      }),
      { numRuns: 3000 },
    )
    // Otherwise the test would have nothing to say.
    expect(accepted).toBeGreaterThan(300)
    expect(accepted).toBeLessThan(2000)
  })
})
