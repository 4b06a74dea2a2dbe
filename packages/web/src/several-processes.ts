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

/** What tells of other processes: PM2 numbers them, Lambda starts as many as it needs, a cluster has workers. */
function signOfSeveral(): string | undefined {
  const names = ['NODE_APP_INSTANCE', 'AWS_LAMBDA_FUNCTION_NAME']
  const name = names.find((one) => process.env[one] !== undefined)
  if (name !== undefined) return `${name} is set`
  // A worker has a parent to talk to, so others need not load the module.
  if (!process.connected) return undefined
  const cluster: object = process.getBuiltinModule('node:cluster')
  return 'isWorker' in cluster && cluster.isWorker === true ? 'a cluster worker' : undefined
}
