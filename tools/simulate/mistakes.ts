import type { StateStore } from '@linkpass/core'
import type { Planted, SimRequest } from './instance.ts'
import type { ScenarioName } from './scenarios/index.ts'

/** A fault that is planted in a dependency, to show that the simulation finds it. */
export interface Mistake {
  readonly scenario: ScenarioName
  readonly what: string
  /** Whether it takes thousands of schedules to find it, which `npm test` does not run. */
  readonly isRare?: boolean
  readonly planted: () => Planted
}

/** A store with other operations, which get the operations that they replace. */
function store(change: (inner: StateStore) => Partial<StateStore>): () => Planted {
  return () => ({ store: (inner) => ({ ...inner, ...change(inner) }) })
}

function isKind(key: string, ...kinds: readonly string[]): boolean {
  return kinds.some((kind) => key.startsWith(`${kind}:`))
}

/** A store that replaces a value of this kind where it must keep the first one. */
function overwrites(kind: string): () => Planted {
  return store((inner) => ({
    setIfAbsent: async (key, value, ttlMs, call) => {
      if (!isKind(key, kind)) return inner.setIfAbsent(key, value, ttlMs, call)
      await inner.set(key, value, ttlMs, call)
      return undefined
    },
  }))
}

export const mistakes: Readonly<Record<string, Mistake>> = {
  'no-lock': {
    scenario: 'refresh',
    what: 'every instance gets the lock of a refresh',
    planted: overwrites('refresh'),
  },
  'lock-released-by-another': {
    scenario: 'refresh',
    what: 'an instance that finds a lock releases it',
    planted: store((inner) => ({
      setIfAbsent: async (key, value, ttlMs, call) => {
        const found = await inner.setIfAbsent(key, value, ttlMs, call)
        if (isKind(key, 'refresh') && found !== undefined) await inner.delete(key, call)
        return found
      },
    })),
  },
  'lock-too-short': {
    scenario: 'refresh',
    what: 'a lock ends while its owner waits for the service',
    planted: store((inner) => ({
      setIfAbsent: (key, value, ttlMs, call) =>
        inner.setIfAbsent(key, value, isKind(key, 'refresh') ? 400 : ttlMs, call),
    })),
  },
  'stale-owner': {
    scenario: 'refresh',
    what: 'an instance that lost its lock writes its outcome over that of the next owner',
    isRare: true,
    planted: store((inner) => ({
      replaceIf: async (key, expected, value, ttlMs, call) => {
        if (!isKind(key, 'refresh')) return inner.replaceIf(key, expected, value, ttlMs, call)
        await inner.set(key, value, ttlMs, call)
        return true
      },
    })),
  },
  'successor-not-seen': {
    scenario: 'refresh',
    what: 'a copy of an old token gets its successor, although that is in use',
    planted: store((inner) => ({
      setIfAbsent: async (key, value, ttlMs, call) =>
        isKind(key, 'seen') ? undefined : inner.setIfAbsent(key, value, ttlMs, call),
      getMany: async (keys, call) =>
        keys.some((key) => isKind(key, 'seen'))
          ? keys.map(() => undefined)
          : inner.getMany(keys, call),
    })),
  },
  'rotation-forgotten': {
    scenario: 'refresh',
    what: 'nothing records that a token was rotated',
    planted: store((inner) => ({
      set: async (key, value, ttlMs, call) =>
        isKind(key, 'rotated') ? undefined : inner.set(key, value, ttlMs, call),
    })),
  },
  'headers-mixed-up': {
    scenario: 'refresh',
    what: 'the adapter reads the headers of the first request on a kept-alive connection',
    planted: () => {
      let first: SimRequest | undefined
      return {
        reader: (reader) => ({
          ...reader,
          header: (request, name) => reader.header((first ??= request), name),
        }),
      }
    },
  },
  'refusal-not-checked-again': {
    scenario: 'enchanted',
    what: 'a completion overwrites a refusal',
    planted: overwrites('outcome'),
  },
  'two-complete': {
    scenario: 'enchanted',
    what: 'two instances complete one attempt, since each gets the lock',
    planted: overwrites('lock'),
  },
  'two-redeem': {
    scenario: 'logout',
    what: 'two instances redeem one link, since each gets the lock',
    planted: overwrites('lock'),
  },
  'results-not-shared': {
    scenario: 'enchanted',
    what: 'an instance does not find what another one completed',
    planted: store((inner) => ({
      set: async (key, value, ttlMs, call) =>
        isKind(key, 'completed') ? undefined : inner.set(key, value, ttlMs, call),
    })),
  },
  'revocation-dropped': {
    scenario: 'logout',
    what: 'the record of a logout is dropped',
    planted: store((inner) => ({
      set: async (key, value, ttlMs, call) =>
        isKind(key, 'revoked') ? undefined : inner.set(key, value, ttlMs, call),
    })),
  },
  'failure-swallowed': {
    scenario: 'logout',
    what: 'a logout takes a failure of the store, one in three, for a success',
    planted: () => {
      let count = 0
      return store((inner) => ({
        set: async (key, value, ttlMs, call) =>
          isKind(key, 'revoked', 'revoked-all') && (count += 1) % 3 === 0
            ? undefined
            : inner.set(key, value, ttlMs, call),
      }))()
    },
  },
}
