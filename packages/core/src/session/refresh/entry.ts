import { readsFormat } from '../../crypto/sealer.ts'

/**
 * What the store holds about the refresh of one token: that an instance is making it, that it failed
 * without an outcome, or its sealed outcome. An entry begins with the number of its format.
 */
export type RefreshState = 'running' | 'failed' | 'done'

/** The key of the entry, by the hash of the refresh token. */
export function refreshKey(id: string): string {
  return `refresh:${id}`
}

/**
 * An entry: `running` with a random value, so that only its owner extends or replaces the lock; `failed`
 * where its request had no outcome, so that those who wait end at once; `done` with the sealed outcome.
 */
export function entryOf(format: number, state: RefreshState, content: string): string {
  return `${format}:${state}:${content}`
}

/** The state of an entry. One of a format that is not read is of another release, and is waited for. */
export function stateOf(entry: string, format: number): RefreshState {
  const [number, state] = entry.split(':', 2)
  const isReadable = readsFormat(format, Number(number))
  return isReadable && (state === 'done' || state === 'failed') ? state : 'running'
}

/** The sealed outcome in a `done` entry. */
export function sealedIn(entry: string): string {
  return entry.slice(entry.lastIndexOf(':') + 1)
}
