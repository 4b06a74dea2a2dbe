import type { StateStore } from '../../../src/store/state-store.ts'
import { type ModelConnection, modelStore } from '../model-server.ts'

/** A store with one fault, and the requirement that it does not meet. */
export interface WrongStore {
  readonly fault: string
  /** Part of a message of the suite. */
  readonly message: string
  readonly make: (connection: ModelConnection, app: string) => StateStore
}

export type Change = (connection: ModelConnection, right: StateStore, at: At) => Partial<StateStore>
/** The key at the server. */
export type At = (key: string) => string

/** A store that conforms but for one change. */
export function wrong(fault: string, message: string, change: Change): WrongStore {
  return {
    fault,
    message,
    make: (connection, app) => {
      const right = modelStore(connection, `${app}:`)
      return { ...right, ...change(connection, right, (key) => `${app}:${key}`) }
    },
  }
}
