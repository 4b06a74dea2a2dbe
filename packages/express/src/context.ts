import type { DescopeClient } from '@linkpass/core'
import { type Sealer, createSealer, isLoopback } from '@linkpass/core/web'
import { type AuthOptions, type AuthSettings, resolveAuthOptions } from './options.ts'
import { guardSiteOf } from './guard-site.ts'
import type { GuardSite } from './guard.ts'
import type { Site } from './pages/layout.ts'

/** What every route of one `createAuth` shares. */
export interface AuthContext {
  readonly client: DescopeClient
  readonly settings: AuthSettings
  readonly sealer: Sealer
  /** Where the guards and the routes find out who sent a request. */
  readonly guardSite: GuardSite
  /** What the built-in pages share. */
  readonly site: Site
}

/** @throws {TypeError} an option cannot be right */
export function createContext(client: DescopeClient, options: AuthOptions): AuthContext {
  const settings = resolveAuthOptions(client, options)
  return Object.freeze({
    client,
    settings,
    sealer: createSealer(settings.secrets),
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
    ...(isLoopback(emulator.hostname) && { inboxUrl: `${baseUrl}/?project=${projectId}` }),
  }
}
