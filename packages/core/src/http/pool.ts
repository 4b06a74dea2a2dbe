import type { Pool } from 'undici'

/**
 * undici's `Pool`, without the rest of undici: its index also loads fetch, WebSockets, caches and
 * mocks, which takes twice as long as everything else that a first checked token waits for.
 *
 * The path is no part of what undici promises; should it move, the index has the pool as well.
 */
export async function loadPool(): Promise<typeof Pool> {
  const direct = await import('undici/lib/dispatcher/pool.js').catch(() => undefined)
  return direct?.default ?? (await import('undici')).Pool
}
