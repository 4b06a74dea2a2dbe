/** An app that runs in several processes, each with a store of its own. */
import type { StateStore } from '@linkpass/core'
import { isMemoryStore } from '@linkpass/core/internal'

const code = 'LINKPASS_MEMORY_STORE'
const fix =
  'Give createDescopeClient a store that the processes share: redisStore(client) of @linkpass/redis.'

let isWarned = false

/**
 * Warns once of a memory store in a process that is one of several: sign-ins that begin in one process
 * would fail in another, and a logout would be unknown there.
 */
export function warnOfOwnStore(store: StateStore): void {
  if (isWarned || !isMemoryStore(store)) return
  const sign = signOfSeveral()
  if (sign === undefined) return
  isWarned = true
  const message = `This process is one of several (${sign}), and its state is in its own memory.`
  process.emitWarning(message, { code, detail: fix })
}

/** What tells that there are other processes: PM2 numbers them, and Node's cluster has workers. */
function signOfSeveral(): string | undefined {
  if (process.env['NODE_APP_INSTANCE'] !== undefined) return 'NODE_APP_INSTANCE is set'
  return isClusterWorker() ? 'a cluster worker' : undefined
}

function isClusterWorker(): boolean {
  // A worker has a parent to talk to, so others need not load the module.
  if (!process.connected) return false
  const cluster: object = process.getBuiltinModule('node:cluster')
  return 'isWorker' in cluster && cluster.isWorker === true
}
