import type { DescopeClient, IssuedTokens, StateStore } from '@linkpass/core'
import { type Sealer, createSealer, guardStore } from '@linkpass/core/internal'
import { HashedEntries } from './attempt/hashed-entries.ts'
import { Running, SendLimiter } from './attempt/limits.ts'
import { EnchantedBroker } from './enchanted-link/broker.ts'
import type { Site } from './guard/identify.ts'
import type { AuthOptions } from './options.ts'
import type { RequestReader, RouteRequest } from './request/request-reader.ts'
import { sessionCookies } from './response/cookies.ts'
import { type AuthSettings, resolveAuthOptions } from './settings.ts'

/** What every route of one `createAuth` shares. */
export interface AuthContext {
  readonly client: DescopeClient
  readonly read: RequestReader<object>
  readonly settings: AuthSettings
  /** The client's store. It fails with a `StoreError`, at the latest after half a second. */
  readonly store: StateStore
  /** What the store has under hashed keys. */
  readonly entries: HashedEntries
  readonly sealer: Sealer
  /** Counts links; undefined when the app turned that off. */
  readonly sendLimiter: SendLimiter | undefined
  readonly redemptions: Running
  readonly broker: EnchantedBroker
  /** Aborts when the app closes. */
  readonly closing: AbortController
  readonly longPolls: Running
  readonly site: Site
}

/** What a handler is given: the same, and the request. */
export interface RouteContext extends AuthContext, RouteRequest {}

export function createContext(
  read: RequestReader<object>,
  client: DescopeClient,
  options: AuthOptions<object>,
): AuthContext {
  const settings = resolveAuthOptions(client, options)
  const { limits } = settings
  const { clock, format, projectId } = client.settings
  const store = guardStore(client.settings.store, clock)
  const sealer = createSealer(settings.secrets, `${projectId} ${settings.app.origin}`, format)
  const entries = new HashedEntries(store, sealer)
  const fingerprint = (text: string): string => sealer.fingerprint('limit', text)
  const getSession = client.enchantedLink.getSession.bind(client.enchantedLink)
  return Object.freeze({
    client,
    read,
    settings,
    store,
    entries,
    sealer,
    sendLimiter: limits && new SendLimiter({ limits, store, clock, fingerprint }),
    redemptions: new Running(),
    broker: new EnchantedBroker({ getSession, store, entries, clock }),
    closing: new AbortController(),
    longPolls: new Running(),
    site: {
      client,
      read,
      names: settings.session === 'none' ? undefined : settings.cookies.names,
      app: settings.app,
      keepSession: (tokens: IssuedTokens) => sessionCookies(settings.cookies, tokens, clock.now()),
    },
  })
}
