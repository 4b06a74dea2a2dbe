import type { HttpBindings } from '@hono/node-server'
import type { Worlds } from '../world/worlds.ts'

/** What every route of one emulator works with. */
export interface ServerContext {
  readonly worlds: Worlds
  /** What `/v1/mgmt/` wants to see, and what a trailing bearer part must be. */
  readonly managementKey: string
  /** Host names beyond loopback that the server answers to. */
  readonly allowedHosts: readonly string[]
}

/** Hono's environment: the Node request behind a fetch request. */
export interface ServerEnv {
  Bindings: HttpBindings
}
