import type { Clock, StateStore } from '@linkpass/core'
import { hashRandom } from '@linkpass/core/internal'
import type { Outcome } from './decide.ts'

/** How attempts ended, for every instance. Each operation is one of the store, and may reject. */
export interface Outcomes {
  /** The outcome of an attempt; undefined while there is none. */
  find(state: string): Promise<Outcome | undefined>
  /**
   * Records an outcome unless there is one. Resolves to the outcome that stands, and to whether it is
   * this one.
   *
   * @param endsAt when the attempt ends, in milliseconds since the epoch
   */
  record(state: string, kind: Outcome['kind'], endsAt: number): Promise<Recorded>
}

/** The outcome that stands. */
export interface Recorded {
  readonly outcome: Outcome
  /** Whether it was recorded just now. */
  readonly isNew: boolean
}

/** A completion is remembered for a day, longer than the links live. */
const completionMs = 24 * 60 * 60 * 1000
/** A refusal outlives its attempt by this, since the clocks of two instances differ. */
const marginMs = 5 * 60 * 1000

/**
 * {@link Outcomes} in the store. One key holds either a refusal or a completion, and the first to write
 * it decides. The key is the same on every instance, also while secrets rotate: a state is random, so a
 * plain hash reveals nothing of it.
 */
export function createOutcomes(store: StateStore, clock: Pick<Clock, 'now'>): Outcomes {
  return {
    find: async (state) => {
      const value = await store.get(keyOf(state))
      return value === undefined ? undefined : parse(value)
    },
    record: async (state, kind, endsAt) => {
      const now = clock.now()
      const own: Outcome = kind === 'completed' ? { kind, at: now } : { kind }
      const ttlMs = kind === 'completed' ? completionMs : Math.max(0, endsAt - now) + marginMs
      const found = await store.setIfAbsent(keyOf(state), format(own), ttlMs)
      return { outcome: found === undefined ? own : parse(found), isNew: found === undefined }
    },
  }
}

function keyOf(state: string): string {
  return `outcome:${hashRandom(state)}`
}

function format(outcome: Outcome): string {
  return outcome.kind === 'completed' ? `completed ${outcome.at}` : outcome.kind
}

// A value of another release ends the attempt too: nothing is handed out.
function parse(value: string): Outcome {
  if (value === 'refused' || value === 'code-refused') return { kind: value }
  return { kind: 'completed', at: Number(/^completed (\d+)$/.exec(value)?.[1] ?? 0) }
}

/** Records that a link of the attempt was opened. False when it was recorded before. */
export async function markOpened(
  store: StateStore,
  state: string,
  leftMs: number,
): Promise<boolean> {
  return (await store.setIfAbsent(openedKey(state), '1', leftMs)) === undefined
}

/** Whether a link of the attempt was opened. */
export async function wasOpened(store: StateStore, state: string): Promise<boolean> {
  return (await store.get(openedKey(state))) !== undefined
}

function openedKey(state: string): string {
  return `opened:${hashRandom(state)}`
}
