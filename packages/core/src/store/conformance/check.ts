import { AssertionError } from 'node:assert/strict'
import type { StateStore } from '../state-store.ts'

type Step = () => void | Promise<void>

/** How the suite uses an implementation. What is optional is for stores that have a server. */
export interface StateStoreHarness {
  /** The store to check, as one instance opens it. It may contain other keys. */
  readonly store: StateStore
  /** The same store as another instance opens it: a handle with a connection of its own. */
  readonly other: StateStore
  /** A store of another app on the same server, with another prefix. */
  readonly neighbour?: StateStore
  /**
   * Lets `ms` milliseconds of the store's time pass: by moving its clock or, where that is not
   * possible, by waiting. Called with at most 400, and with years if there is no `timeToLive`.
   */
  readonly advance: (ms: number) => void | Promise<void>
  /**
   * How long a key lives from now, in milliseconds, as the server itself says (`PTTL`). Needed if time
   * cannot be moved.
   */
  readonly timeToLive?: (key: string) => number | Promise<number>
  /** Ends the server. One that is only paused would run later what was sent to it. */
  readonly stop?: Step
  /** Makes it available again, with what it held. */
  readonly start?: Step
  /** Restarts the server: it forgets its scripts, and may forget its keys. */
  readonly restart?: Step
  /**
   * Calls `listener` after each command that `store` sent and the server executed; the next one waits
   * for it. Without a listener, ends that. A proxy in front of a server can do this.
   */
  readonly onCommand?: (listener?: Step) => void
  /** Cuts `store` off from the server, as a crash of its process does. */
  readonly cut?: Step
  /** Connects `store` again. */
  readonly reconnect?: Step
}

/** One requirement. */
export interface Conformance {
  readonly name: string
  /** The optional parts of the harness that it uses. Skip it where one is missing. */
  readonly needs: readonly (keyof StateStoreHarness)[]
  /** Rejects with an `AssertionError` that names the requirement if the store does not meet it. */
  readonly run: (harness: StateStoreHarness) => Promise<void>
}

/** A requirement whose failures name it. It gets a key that was never used, of a kind of its own. */
export function check(
  name: string,
  run: (harness: StateStoreHarness, key: string) => Promise<void>,
): Conformance {
  return checkWith([], name, run)
}

/** A requirement that needs optional parts of the harness. */
export function checkWith<K extends keyof StateStoreHarness>(
  needs: readonly K[],
  name: string,
  run: (
    harness: StateStoreHarness & Required<Pick<StateStoreHarness, K>>,
    key: string,
  ) => Promise<void>,
): Conformance {
  return {
    name,
    needs,
    run: async (harness) => {
      try {
        if (!has(harness, needs)) throw new Error(`the harness lacks ${needs.join(' or ')}`)
        await run(harness, unique())
      } catch (cause) {
        const details = cause instanceof Error ? cause.message : String(cause)
        const error = new AssertionError({ message: `${name}: ${details}` })
        error.cause = cause
        throw error
      }
    },
  }
}

function has<K extends keyof StateStoreHarness>(
  harness: StateStoreHarness,
  needs: readonly K[],
): harness is StateStoreHarness & Required<Pick<StateStoreHarness, K>> {
  return needs.every((name) => harness[name] !== undefined)
}

let counter = 0

/** Another such key. */
export function unique(): string {
  counter += 1
  return `conformance:${process.pid}.${Date.now()}.${counter}`
}
