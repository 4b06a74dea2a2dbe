import { stateStoreConformance } from '@linkpass/core/conformance'
import { redisEngines } from '@linkpass/testing'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { clients } from './clients.ts'
import { type RedisHarness, startHarness } from './harness.ts'

for (const engine of redisEngines) {
  const { skipReason } = engine
  for (const [name, open] of Object.entries(clients)) {
    const title = `redisStore on ${engine.name} by ${name} conforms`
    describe.skipIf(skipReason)(title, { meta: { skipReason } }, () => {
      let started: RedisHarness
      beforeAll(async () => {
        started = await startHarness(open, engine)
      })
      afterAll(() => started[Symbol.asyncDispose]())

      test.each(stateStoreConformance)('$name', ({ run }) => run(started.harness))
    })
  }
}
