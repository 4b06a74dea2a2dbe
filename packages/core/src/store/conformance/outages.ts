import { deepStrictEqual, ok, rejects } from 'node:assert/strict'
import type { StateStore } from '../state-store.ts'
import { checkWith, type Conformance, unique } from './check.ts'
import { exists, writes } from './times.ts'

const operations: Readonly<Record<string, (store: StateStore, key: string) => Promise<unknown>>> = {
  ...writes,
  replaceIf: (store, key) => store.replaceIf(key, 'x', 'y', 10_000),
  get: (store, key) => store.get(key),
  getMany: (store, key) => store.getMany([key]),
  deleteIf: (store, key) => store.deleteIf(key, 'x'),
  delete: (store, key) => store.delete(key),
  readFrom: (store, key) => store.readFrom(key, 0),
}

/** The most commands that an operation is thought to send. */
const mostCommands = 4

/** Outages and restarts of the server, and crashes of an instance. */
export const outageChecks: readonly Conformance[] = [
  ...Object.entries(operations).map(([what, operation]) =>
    checkWith(['stop', 'start'], `${what} rejects while the server is away`, async (harness) => {
      await harness.stop()
      try {
        // Signalled, since some clients queue until the server is back.
        await rejects(
          async () => operation(harness.store, unique()),
          'it resolved while the server was away',
        )
      } finally {
        await harness.start()
      }
    }),
  ),
  checkWith(['stop', 'start'], 'every operation works after an outage', async (harness) => {
    await harness.stop()
    await harness.store.get(unique()).catch(() => {})
    await harness.start()
    for (const operation of Object.values(operations)) await operation(harness.store, unique())
  }),
  ...Object.entries(operations).map(([what, operation]) =>
    checkWith(['restart'], `${what} works after a restart of the server`, async (harness) => {
      await operation(harness.store, unique())
      await harness.restart()
      await operation(harness.store, unique())
    }),
  ),
  ...Object.entries(writes).map(([what, write]) =>
    checkWith(
      ['onCommand', 'cut', 'reconnect'],
      `a crash amid ${what} leaves nothing without a time to live`,
      async ({ store, other, advance, onCommand, cut, reconnect }) => {
        for (let crashAfter = 1; crashAfter <= mostCommands; crashAfter += 1) {
          const key = unique()
          let commands = 0
          onCommand(async () => {
            commands += 1
            if (commands === crashAfter) await cut()
          })
          await write(store, key, 300).catch(() => {})
          onCommand()
          await reconnect()
          await advance(400)
          ok(!(await exists(other, what, key)), `what command ${crashAfter} stored never ends`)
        }
      },
    ),
  ),
  checkWith(
    ['onCommand'],
    'a count that ends amid an increment begins again with a time to live',
    async ({ store, other, advance, onCommand }) => {
      for (let endsAfter = 1; endsAfter <= mostCommands; endsAfter += 1) {
        const key = unique()
        await store.increment(key, 300)
        let commands = 0
        onCommand(async () => {
          commands += 1
          if (commands === endsAfter) await advance(400)
        })
        await store.increment(key, 300)
        onCommand()
        await advance(400)
        deepStrictEqual(await other.get(key), undefined)
      }
    },
  ),
]
