import { describe, expect, test } from 'vitest'
import { stateStoreConformance, type StateStoreHarness } from '../../src/store/conformance.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import { modelHarness, modelStore } from './model-server.ts'
import { crashes } from './wrong-stores/crashes.ts'
import { hints } from './wrong-stores/hints.ts'
import { instances } from './wrong-stores/instances.ts'
import { names } from './wrong-stores/names.ts'
import { outages } from './wrong-stores/outages.ts'
import { times } from './wrong-stores/times.ts'

const wrongStores = [...crashes, ...times, ...outages, ...names, ...instances, ...hints]

function memoryHarness(): StateStoreHarness {
  let time = 1_000_000
  const store = memoryStore({ clock: { now: () => time } })
  return {
    store,
    other: store,
    advance: (ms) => {
      time += ms
    },
  }
}

/** The messages of the requirements that a store does not meet. */
async function failuresOf(make: () => StateStoreHarness): Promise<string[]> {
  const messages: string[] = []
  for (const { run } of stateStoreConformance) {
    await run(make()).catch((error: Error) => messages.push(error.message))
  }
  return messages
}

describe('memoryStore conforms to StateStore', () => {
  const harness = memoryHarness()
  const applicable = stateStoreConformance.filter(({ needs }) =>
    needs.every((part) => harness[part] !== undefined),
  )
  test.each(applicable)('$name', ({ run }) => run(memoryHarness()))
})

describe('a store on a server conforms', () => {
  const make = () => modelHarness((connection, app) => modelStore(connection, `${app}:`))
  test.each(stateStoreConformance)('$name', ({ run }) => run(make()))
})

describe('the conformance suite finds each wrong store, and names the behaviour', () => {
  test.each(wrongStores)('$fault', async ({ message, make }) => {
    const failures = await failuresOf(() => modelHarness(make))
    expect(failures.filter((failure) => failure.includes(message))).not.toEqual([])
  })

  test('those are at least the 29 that the first edition passed', () => {
    expect(wrongStores.length).toBeGreaterThanOrEqual(29)
  })
})

test('times to live can be read from the server instead', async () => {
  const server = modelHarness((connection, app) => modelStore(connection, `${app}:`))
  const lifetimes = stateStoreConformance.filter(({ name }) => name.includes('sixty'))
  for (const { run } of lifetimes) {
    await expect(run({ ...server, timeToLive: () => 86_400_000 })).rejects.toThrow(
      'lives for 86400000 ms instead of 3600000',
    )
  }
})

test('a check without what it needs fails instead of passing', async () => {
  const [check] = stateStoreConformance.filter(({ needs }) => needs.length > 0)
  await expect(check?.run(memoryHarness())).rejects.toThrow(/the harness lacks/)
})

test('a failure that is no error is quoted by its requirement', async () => {
  const [check] = stateStoreConformance.filter(({ name }) => name.includes('sixty'))
  const advance = (): Promise<never> => Promise.reject('no clock')
  await expect(check?.run({ ...memoryHarness(), advance })).rejects.toThrow(
    `${check?.name}: no clock`,
  )
})
