import type { RequestEntry } from './events.ts'
import { randomId } from './random.ts'

/** The newest requests to the service. */
export interface RequestLog {
  /** Newest first. */
  list(): readonly RequestEntry[]
  add(entry: Omit<RequestEntry, 'id'>): RequestEntry
  clear(): void
}

/** An empty log of at most `maxEntries` requests. */
export function createRequestLog(maxEntries: number): RequestLog {
  let entries: RequestEntry[] = []
  return {
    list: () => entries.slice(-maxEntries).toReversed(),
    add: (entry) => {
      const added = { id: randomId('R'), ...entry }
      entries.push(added)
      // Cut in batches: removing the first entry on every addition would copy all others each time.
      if (entries.length > maxEntries * 2) entries = entries.slice(-maxEntries)
      return added
    },
    clear: () => {
      entries = []
    },
  }
}
