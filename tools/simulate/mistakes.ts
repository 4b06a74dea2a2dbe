import type { StateStore } from '@linkpass/core'
import type { Seams, SimRequest } from './instance.ts'
import { type Scenario, scenarios } from './scenarios.ts'

/** A fault that is planted in a dependency, to show that a scenario finds it. */
export type Mistake = readonly [scenario: Scenario, plant: Plant, rarity?: 'rare']

type Plant = (seams: Seams) => Seams
type Change = (inner: StateStore) => Partial<StateStore>

/** A store with other operations on the keys of some kinds. */
function store(change: Change, ...kinds: readonly string[]): Plant {
  const isKind = (key: string): boolean => kinds.includes(key.split(':')[0] ?? '')
  return ({ store: inner, reader }) => {
    const changed = { ...inner, ...change(inner) }
    const get = (_: StateStore, name: string): unknown => {
      return (key: string | string[], ...rest: unknown[]): unknown => {
        const chosen = [key].flat().some(isKind) ? changed : inner
        return Reflect.apply(Reflect.get(chosen, name), chosen, [key, ...rest])
      }
    }
    return { store: new Proxy(inner, { get }), reader }
  }
}

/** Replaces a value where it must keep the first one. */
const overwrite: Change = (inner) => ({
  async setIfAbsent(key, value, ttlMs, call) {
    await inner.set(key, value, ttlMs, call)
    return undefined
  },
})

/** Takes a write for done. */
const drop: Change = () => ({ set: async () => {}, append: async () => {} })

/** Releases the lock of another instance. */
const releaseFound: Change = (inner) => ({
  async setIfAbsent(key, value, ttlMs, call) {
    const found = await inner.setIfAbsent(key, value, ttlMs, call)
    if (found !== undefined) await inner.delete(key, call)
    return found
  },
})

/** A lock that ends while its owner waits. */
const shorten: Change = (inner) => ({
  setIfAbsent: (key, value, _ttlMs, call) => inner.setIfAbsent(key, value, 50, call),
})

/** An owner that lost its lock writes over the outcome of the next one. */
const replaceAny: Change = (inner) => ({
  async replaceIf(key, _expected, value, ttlMs, call) {
    await inner.set(key, value, ttlMs, call)
    return true
  },
})

/** Nothing is found, and nothing is kept. */
const forget: Change = () => ({
  setIfAbsent: async () => undefined,
  getMany: async (keys) => keys.map(() => undefined),
})

/** Takes the first write for done, and every third after it. */
const dropEveryThird: Change = (inner) => {
  let writes = 0
  return {
    set: async (...write) => ((writes += 1) % 3 === 1 ? undefined : inner.set(...write)),
  }
}

/** Reads the headers of the first request on a kept-alive connection. */
const mixHeadersUp: Plant = ({ store, reader }) => {
  let first: SimRequest | undefined
  return {
    store,
    reader: { ...reader, header: (request, name) => reader.header((first ??= request), name) },
  }
}

const { refresh, enchanted, logout } = scenarios

/** By name. To find a rare one takes thousands of schedules, which `npm test` does not run. */
export const mistakes: Readonly<Record<string, Mistake>> = {
  'no-lock': [refresh, store(overwrite, 'refresh')],
  'lock-released-by-another': [refresh, store(releaseFound, 'refresh')],
  'lock-too-short': [refresh, store(shorten, 'refresh')],
  'stale-owner': [refresh, store(replaceAny, 'refresh'), 'rare'],
  'successor-not-seen': [refresh, store(forget, 'seen')],
  'rotation-forgotten': [refresh, store(drop, 'rotated')],
  'headers-mixed-up': [refresh, mixHeadersUp],
  'refusal-not-checked-again': [enchanted, store(overwrite, 'outcome')],
  'two-complete': [enchanted, store(overwrite, 'lock')],
  'results-not-shared': [enchanted, store(drop, 'completed')],
  'two-redeem': [logout, store(overwrite, 'lock')],
  'revocation-dropped': [logout, store(drop, 'revoked')],
  'log-dropped': [logout, store(drop, 'revocations')],
  'failure-swallowed': [logout, store(dropEveryThird, 'revoked', 'revoked-all')],
}
