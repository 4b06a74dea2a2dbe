import type { Clock, StateStore } from '@linkpass/core'
import { hashRandom } from '@linkpass/core/internal'
import type { Outcome } from './decide.ts'

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
 * How attempts ended, for every instance. One key holds either a refusal or a completion, and the first to
 * write it decides. The key is the same on every instance, also while secrets rotate: a state is random, so
 * a plain hash reveals nothing of it. Each operation is one of the store, and may reject.
 */
export class Outcomes {
  readonly #store: StateStore
  readonly #clock: Pick<Clock, 'now'>

  constructor(store: StateStore, clock: Pick<Clock, 'now'>) {
    this.#store = store
    this.#clock = clock
  }

  /** The outcome of an attempt; undefined while there is none. */
  async find(state: string): Promise<Outcome | undefined> {
    const value = await this.#store.get(keyOf('outcome', state))
    return value === undefined ? undefined : parse(value)
  }

  /**
   * Records an outcome unless there is one.
   *
   * @param endsAt when the attempt ends, in milliseconds since the epoch
   */
  async record(state: string, kind: Outcome['kind'], endsAt: number): Promise<Recorded> {
    const now = this.#clock.now()
    const own: Outcome = kind === 'completed' ? { kind, at: now } : { kind }
    const ttlMs = kind === 'completed' ? completionMs : Math.max(0, endsAt - now) + marginMs
    const found = await this.#store.setIfAbsent(keyOf('outcome', state), format(own), ttlMs)
    return { outcome: found === undefined ? own : parse(found), isNew: found === undefined }
  }

  /** Records that a link of the attempt was opened. False when it was recorded before. */
  async markOpened(state: string, leftMs: number): Promise<boolean> {
    return (await this.#store.setIfAbsent(keyOf('opened', state), '1', leftMs)) === undefined
  }

  /** Whether a link of the attempt was opened. */
  async wasOpened(state: string): Promise<boolean> {
    return (await this.#store.get(keyOf('opened', state))) !== undefined
  }
}

function keyOf(kind: 'outcome' | 'opened', state: string): string {
  return `${kind}:${hashRandom(state)}`
}

function format(outcome: Outcome): string {
  return outcome.kind === 'completed' ? `completed ${outcome.at}` : outcome.kind
}

// A value of another release ends the attempt too: nothing is handed out.
function parse(value: string): Outcome {
  if (value === 'refused' || value === 'code-refused') return { kind: value }
  return { kind: 'completed', at: Number(/^completed (\d+)$/.exec(value)?.[1] ?? 0) }
}
