import type { HttpBindings } from '@hono/node-server'
import type { Worlds } from '../world/worlds.ts'

/** Dependencies of the routes of one emulator. */
export interface ServerContext {
  readonly worlds: Worlds
  /** The key for `/v1/mgmt/`; a management key in any other request must be this one too. */
  readonly managementKey: string
  /** Host names besides loopback names that the server accepts. */
  readonly allowedHosts: readonly string[]
  /** Origins besides those of loopback hosts whose pages may call the service. */
  readonly allowedOrigins: readonly string[]
  /** Whether the server serves https. */
  readonly tls: boolean
}

/** Hono's environment: the Node request of a fetch request. */
export interface ServerEnv {
  Bindings: HttpBindings
}
