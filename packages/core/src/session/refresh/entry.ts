/**
 * What the store holds about the refresh of one token: that an instance is making it, that it failed
 * without an outcome, or its sealed outcome. The first character is the number of the format.
 */
export type RefreshState = 'running' | 'failed' | 'done'

/** The key of the entry, by the hash of the refresh token. */
export function refreshKey(id: string): string {
  return `refresh:${id}`
}

/** The lock of one owner: a random value, so that only its owner extends or replaces it. */
export function runningEntry(owner: string): string {
  return `1:running:${owner}`
}

/** Left by an owner whose request had no outcome, so that those who wait end at once. */
export function failedEntry(owner: string): string {
  return `1:failed:${owner}`
}

export function doneEntry(sealed: string): string {
  return `1:done:${sealed}`
}

/** The state of an entry. One of another format is of another release, and is waited for. */
export function stateOf(entry: string): RefreshState {
  if (entry.startsWith('1:done:')) return 'done'
  return entry.startsWith('1:failed:') ? 'failed' : 'running'
}

/** The sealed outcome in a `done` entry. */
export function sealedIn(entry: string): string {
  return entry.slice('1:done:'.length)
}
