import { memoryStore } from '@linkpass/core'
import { describe, expect, test } from 'vitest'
import { type StoreOperation, wrapStore } from '../../wrap-store.ts'
import type { TestAdapter, TestAppOptions } from '../adapter.ts'
import { isSignedIn } from '../steps.ts'
import { accountFlows } from './failing-store-account-flows.ts'
import { type Flow, sessionFlows, unlimited } from './failing-store-flows.ts'

/** What fails: one operation, before its effect or after it, or every operation from one on. */
const faults = ['before', 'after', 'from'] as const

/** These change nothing, so it is enough that each fails alone. */
const reads: readonly StoreOperation[] = ['get', 'getMany', 'readFrom']

/** One failure of the store while a request is sent. */
interface Failure {
  readonly fault: (typeof faults)[number]
  /** The number of the operation, from 1. */
  readonly at: number
}

/** A store that fails as it is told. */
function failingStore(now: () => number) {
  let failure: Failure | undefined
  let operations: StoreOperation[] = []
  const clock = { now, monotonic: now }
  const store = wrapStore(memoryStore({ clock }), async (operation, name) => {
    operations.push(name)
    const { fault, at = 0 } = failure ?? {}
    const isHit = fault === 'from' ? operations.length >= at : operations.length === at
    if (fault === undefined || !isHit) return operation()
    if (fault === 'after') await operation()
    throw new Error('the store is unavailable')
  })
  return {
    store,
    /** Lets it fail while `work` runs; resolves to its operations, too. */
    during: async <T>(next: Failure, work: () => Promise<T>): Promise<[T, StoreOperation[]]> => {
      operations = []
      failure = next
      const done = await work()
      failure = undefined
      return [done, operations]
    },
  }
}

/**
 * The store fails at each operation of each request in turn. No session is lost, nothing is redeemed twice,
 * trouble is 503 with every cookie kept, and a repeat succeeds.
 */
export function failingStoreCases(adapter: TestAdapter): void {
  describe(`a store that fails at any one operation, on ${adapter.name}`, () => {
    test.each([...sessionFlows, ...accountFlows])(
      '$name',
      { timeout: 60_000 },
      async (flow: Flow) => {
        let now = (): number => Date.now()
        const { store, during } = failingStore(() => now())
        const hooks: string[] = []
        const { client, ...options }: TestAppOptions = flow.options ?? unlimited
        await using app = await adapter.start({
          ...options,
          client: { ...client, store },
          onSignIn: ({ purpose }) => hooks.push(purpose),
          onAccountChange: () => hooks.push('change'),
        })
        now = () => app.emulator.clock.now()

        /** Sends a request once with this failure, and then without; resolves to the operations. */
        async function run(failure: Failure): Promise<readonly StoreOperation[]> {
          const { fault, at } = failure
          const sent = await flow.prepare(app, `user-${fault}-${at}@example.test`)
          const { browser, send, finish } = sent
          const { status, repeated = status } = flow
          const cookies = browser.cookieNames
          hooks.length = 0
          const [first, operations] = await during(failure, send)
          const name = `${flow.name}: ${fault} ${at} ${operations[at - 1] ?? 'nothing'}`
          expect([status, 503], name).toContain(first.status)
          if (first.status === 503) {
            expect(Number(first.headers['retry-after']), name).toBeGreaterThan(0)
            if (flow.clears !== true) expect(browser.cookieNames, name).toEqual(cookies)
          }
          // The store is tried again a second later, by one operation at first. Locks end, too.
          if (fault === 'from') {
            for (const _ of [1, 2]) {
              app.emulator.clock.advance(1000)
              await app.client.health()
            }
          }
          const isDone = first.status === status
          if (sent.isSignedIn === true) {
            expect(await isSignedIn(browser.copy()), name).toBe(true)
          }
          const second = await send()
          // Where the store took the pause after a link, and not its end, the user has to wait.
          const mayWait = repeated === 429 && fault === 'from'
          expect(mayWait ? [status, 429] : [isDone ? repeated : status], name).toContain(
            second.status,
          )
          if (second.status !== 429 || isDone) await finish()
          if (flow.hooks) expect(hooks.toSorted(), name).toEqual(flow.hooks)
          return operations
        }

        const operations = await run({ fault: 'before', at: 0 })
        for (const fault of faults) {
          for (const [index, operation] of operations.entries()) {
            if (fault === 'before' || !reads.includes(operation))
              await run({ fault, at: index + 1 })
          }
        }
      },
    )
  })
}
