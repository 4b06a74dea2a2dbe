import type { Pool } from 'undici'

/**
 * undici's `Pool`, without the rest of undici: its index also loads fetch, WebSockets, caches and
 * mocks, which takes twice as long as everything else that the first verified token waits for.
 *
 * The path is not part of undici's API; if it moves, the pool is loaded from the index.
 */
export async function loadPool(): Promise<typeof Pool> {
  const direct = await import('undici/lib/dispatcher/pool.js').catch(() => undefined)
  return direct?.default ?? (await import('undici')).Pool
}
