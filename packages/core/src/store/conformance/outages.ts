import { deepStrictEqual, ok, rejects } from 'node:assert/strict'
import { systemClock } from '../../clock.ts'
import type { StateStore, StoreCall } from '../state-store.ts'
import { checkWith, type Conformance, type StateStoreHarness, unique } from './check.ts'
import { exists, writes } from './times.ts'

type Operation = (store: StateStore, key: string, call?: StoreCall) => Promise<unknown>

const operations: Readonly<Record<string, Operation>> = {
  set: (store, key, call) => store.set(key, 'x', 10_000, call),
  setIfAbsent: (store, key, call) => store.setIfAbsent(key, 'x', 10_000, call),
  replaceIf: (store, key, call) => store.replaceIf(key, 'x', 'y', 10_000, call),
  increment: (store, key, call) => store.increment(key, 10_000, call),
  append: (store, key, call) => store.append(key, 'x', 10_000, call),
  get: (store, key, call) => store.get(key, call),
  getMany: (store, key, call) => store.getMany([key], call),
  deleteIf: (store, key, call) => store.deleteIf(key, 'x', call),
  delete: (store, key, call) => store.delete(key, call),
  readFrom: (store, key, call) => store.readFrom(key, 0, call),
}

/**
 * How long an operation is waited for, in milliseconds. It is told to give up after half a second, since some
 * clients queue commands until the server is back.
 */
const longestMs = 3000

/** The most commands that an operation is thought to send. */
const maxCommands = 4

/** Outages and restarts of the server, and crashes of an instance. */
export const outageChecks: readonly Conformance[] = [
  ...Object.entries(operations).map(([what, operation]) =>
    checkWith(['stop', 'start'], `${what} rejects while the server is away`, async (harness) => {
      const key = unique()
      await harness.stop()
      try {
        await rejects(async () => {
          const given = operation(harness.store, key, { signal: AbortSignal.timeout(500) })
          await Promise.race([given, systemClock.sleep(longestMs, undefined, { ref: false })])
        }, 'it resolved while the server was away, or waited for three seconds')
      } finally {
        await harness.start()
      }
      // No one waits for it any more.
      const isDone = what in writes && (await exists(harness.store, what, key))
      ok(!isDone, 'what failed while the server was away was done later')
    }),
  ),
  checkWith(['stop', 'start'], 'every operation works after an outage', async (harness) => {
    await harness.stop()
    const amid = Promise.allSettled([harness.store.get(unique())])
    await harness.start()
    await amid
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
        for (let crashAfter = 1; crashAfter <= maxCommands; crashAfter += 1) {
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
    'a value that ends amid setIfAbsent is told, or another one is stored',
    async (harness) => {
      const { store, other, onCommand } = harness
      for (let endsAfter = 1; endsAfter <= maxCommands; endsAfter += 1) {
        const key = unique()
        await store.set(key, 'old', 300)
        passTimeAfter(endsAfter, harness)
        const found = await store.setIfAbsent(key, 'new', 10_000)
        onCommand()
        if (found === undefined) deepStrictEqual(await other.get(key), 'new')
      }
    },
  ),
  checkWith(
    ['onCommand'],
    'a count that ends amid an increment begins again with a time to live',
    async (harness) => {
      const { store, other, advance, onCommand } = harness
      for (let endsAfter = 1; endsAfter <= maxCommands; endsAfter += 1) {
        const key = unique()
        await store.increment(key, 300)
        passTimeAfter(endsAfter, harness)
        await store.increment(key, 300)
        onCommand()
        await advance(400)
        deepStrictEqual(await other.get(key), undefined)
      }
    },
  ),
]

/** Lets what lives for 300 milliseconds end after the next command, or the one after that … */
function passTimeAfter(
  command: number,
  { advance, onCommand }: Required<Pick<StateStoreHarness, 'advance' | 'onCommand'>>,
): void {
  let commands = 0
  onCommand(async () => {
    commands += 1
    if (commands === command) await advance(400)
  })
}
