import { stateStoreConformance } from '@linkpass/core/conformance'
import { redisEngines } from '@linkpass/testing'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { olderClients } from '../test/clients.ts'
import { type RedisHarness, startHarness } from '../test/harness.ts'

const [engine] = redisEngines
const skipReason = engine?.skipReason

describe.skipIf(skipReason).each(Object.entries(olderClients))(
  'redisStore by %s conforms',
  { meta: { skipReason } },
  (_name, open) => {
    let started: RedisHarness
    beforeAll(async () => {
      started = await startHarness(open, engine)
    })
    afterAll(() => started[Symbol.asyncDispose]())

    test.each(stateStoreConformance)('$name', ({ run }) => run(started.harness))
  },
)
