/** Several instances of one app, whose connections to the store a test can stop. */
import { type ClientOptions, memoryStore, type StateStore } from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { request } from 'undici'
import type { Browser, BrowserResponse } from '../../browser.ts'
import { deferred } from '../../deferred.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { watchedStore } from '../watched-store.ts'

/** An instance, and what it does to the entries of refreshes in the store. */
export interface Instance {
  readonly app: TestApp
  /** The operations on entries of refreshes, in order. */
  readonly operations: readonly string[]
  /** Resolves when it has begun this operation so often. */
  begun(operation: string, times?: number): Promise<void>
  /** Resolves when it begins this operation: from then on, nothing of it reaches the store. */
  stopAt(operation: string): Promise<void>
  /** Lets everything through that was stopped. */
  resume(): void
}

export interface Cluster extends AsyncDisposable {
  readonly emulator: Emulator
  readonly here: Instance
  readonly there: Instance
  readonly third: Instance
  /** The statuses of responses, while time passes in steps of 100 ms until all are there. */
  statuses(responses: readonly Promise<BrowserResponse>[]): Promise<number[]>
}

/** Starts three instances on one store, and one service that rotates refresh tokens. */
export async function startCluster(
  adapter: TestAdapter,
  rotationGraceSeconds: number,
  client: Partial<ClientOptions> = {},
): Promise<Cluster> {
  const started: { emulator?: Emulator } = {}
  const now = (): number => started.emulator?.clock.now() ?? Date.now()
  const store = memoryStore({ clock: { now } })
  const emulator = { rotateRefreshTokens: true, rotationGraceSeconds }
  const here = await startInstance(adapter, store, { ...client }, emulator)
  started.emulator = here.app.emulator
  const { url: baseUrl, projectId, clock } = here.app.emulator
  const same = { ...client, baseUrl, projectId, clock }
  const there = await startInstance(adapter, store, same)
  const third = await startInstance(adapter, store, same)
  return {
    emulator: here.app.emulator,
    here,
    there,
    third,
    statuses: async (responses) => {
      const seen = { isOver: false }
      const all = Promise.all(responses).finally(() => (seen.isOver = true))
      while (!seen.isOver) {
        clock.advance(100)
        // A connection of its own: in each step there is the time for what an instance requests.
        const step = await request(`${baseUrl}/v2/keys/${projectId}`, { reset: true })
        await step.body.dump()
      }
      return (await all).map(({ status }) => status)
    },
    [Symbol.asyncDispose]: async () => {
      for (const { app } of [third, there, here]) await app[Symbol.asyncDispose]()
    },
  }
}

async function startInstance(
  adapter: TestAdapter,
  shared: StateStore,
  client: Partial<ClientOptions>,
  emulator?: object,
): Promise<Instance> {
  const operations: string[] = []
  const waits = new Set<() => void>()
  const stop: { operation?: string; stopped?: () => void; resumed?: Promise<void> } = {}
  const held = deferred<void>()
  const store = watchedStore(shared, async (operation, key) => {
    if (key.startsWith('refresh:')) {
      operations.push(operation)
      for (const check of waits) check()
      if (stop.operation === operation) {
        stop.resumed ??= held.promise
        stop.stopped?.()
      }
    }
    await stop.resumed
  })
  const app = await adapter.start({
    appUrl: 'https://app.example.test',
    limits: false,
    client: { ...client, store },
    ...(emulator && { emulator }),
  })
  return {
    app,
    operations,
    resume: () => held.resolve(),
    begun: (operation, times = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (operations.filter((name) => name === operation).length >= times) resolve()
        }
        waits.add(check)
        check()
      }),
    stopAt: (operation) =>
      new Promise((stopped) => {
        Object.assign(stop, { operation, stopped })
      }),
  }
}

/** The same browser once more, whose requests reach this instance. */
export function tab(browser: Browser, { app }: Instance): Browser {
  const copy = browser.copy()
  copy.balanceTo(app.address)
  return copy
}

/** Signs a user in, and lets the session expire. */
export async function expiredSession({ app }: Instance, address?: string): Promise<Browser> {
  const browser = app.browser()
  await app.signIn(browser, address)
  app.emulator.clock.advance(11 * 60_000)
  return browser
}
