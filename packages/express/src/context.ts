import type { DescopeClient, StateStore } from '@linkpass/core'
import {
  type EnchantedBroker,
  type Sealer,
  type SendLimiter,
  createEnchantedBroker,
  createSealer,
  createSendLimiter,
  guardStore,
  isLoopback,
} from '@linkpass/web'
import { type AuthOptions, type AuthSettings, resolveAuthOptions } from './options.ts'
import { guardSiteOf } from './guard-site.ts'
import type { GuardSite } from './guard.ts'
import type { Site } from './pages/layout.ts'
import { siteIcon } from './pages/site-icon.ts'

/** What every route of one `createAuth` shares. */
export interface AuthContext {
  readonly client: DescopeClient
  readonly settings: AuthSettings
  /** The client's store; it fails with a `StoreError`, and within two seconds. */
  readonly store: StateStore
  readonly sealer: Sealer
  /** Counts links; undefined when the app turned that off. */
  readonly sendLimiter: SendLimiter | undefined
  /** Knows how enchanted sign-ins stand. */
  readonly broker: EnchantedBroker
  /** Where the guards and the routes find out who sent a request. */
  readonly guardSite: GuardSite
  /** What the built-in pages share. */
  readonly site: Site
}

/** @throws {TypeError} an option cannot be right */
export function createContext(client: DescopeClient, options: AuthOptions): AuthContext {
  const settings = resolveAuthOptions(client, options)
  const { limits } = settings
  const { clock } = client.settings
  const store = guardStore(client.settings.store, clock)
  const sealer = createSealer(settings.secrets)
  const fingerprint = (text: string): string => sealer.fingerprint('limit', text)
  const getSession = client.enchantedLink.getSession.bind(client.enchantedLink)
  return Object.freeze({
    client,
    settings,
    store,
    sealer,
    sendLimiter: limits && createSendLimiter({ limits, store, clock, fingerprint }),
    broker: createEnchantedBroker({ getSession, store, clock, sealer }),
    guardSite: guardSiteOf(client, settings),
    site: siteOf(client, settings),
  })
}

// The two files are served below both mounts; links lead to verifyPath whatever else is mounted.
function siteOf(client: DescopeClient, { brand, verifyPath }: AuthSettings): Site {
  const { baseUrl, projectId } = client.settings
  const emulator = new URL(baseUrl)
  return {
    brand,
    stylesheetUrl: `${verifyPath}/style.css`,
    scriptUrl: `${verifyPath}/script.js`,
    iconUrl: siteIcon(brand),
    ...(isLoopback(emulator.hostname) && { inboxUrl: `${baseUrl}/?project=${projectId}` }),
  }
}
