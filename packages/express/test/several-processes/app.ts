// Creates the auth of an app twice: alone, in a forked process, or in a worker of node:cluster.
import { fork } from 'node:child_process'
import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { createDescopeClient, memoryStore } from '@linkpass/core'
import { createAuth } from '@linkpass/express'

const [how, store] = process.argv.slice(2)

if (how === 'cluster' && cluster.isPrimary) cluster.fork()
else if (how === 'forked') fork(fileURLToPath(import.meta.url), ['alone'])
else {
  for (let index = 0; index < 2; index += 1) {
    const shared = { ...memoryStore() }
    const client = createDescopeClient({
      projectId: `P${'a'.repeat(27)}`,
      ...(store === 'shared' && { store: shared }),
    })
    createAuth(client, { appUrl: 'http://localhost:3000' }).close()
  }
  process.disconnect?.()
}
