import type { RequestEntry } from './events.ts'
import { randomId } from './random.ts'

/** The newest requests to the service. */
export interface Journal {
  /** Newest first. */
  list(): readonly RequestEntry[]
  add(entry: Omit<RequestEntry, 'id'>): RequestEntry
  clear(): void
}

/** An empty journal of at most `maxEntries` requests. */
export function createJournal(maxEntries: number): Journal {
  let entries: RequestEntry[] = []
  return {
    list: () => entries.slice(-maxEntries).toReversed(),
    add: (entry) => {
      const kept = { id: randomId('R'), ...entry }
      entries.push(kept)
      // Cut in batches: dropping one entry from the front for every one added would copy them all.
      if (entries.length > maxEntries * 2) entries = entries.slice(-maxEntries)
      return kept
    },
    clear: () => {
      entries = []
    },
  }
}
