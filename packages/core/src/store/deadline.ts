import type { Clock } from '../clock.ts'
import { StoreError } from '../errors.ts'
import { storeOperation, type StoreOperationEvent } from '../events.ts'
import { createBreaker } from './breaker.ts'
import { isMemoryStore } from './memory-store.ts'
import { RunningOperation, RunningOperations } from './running-operations.ts'
import type { StateStore, StoreCall } from './state-store.ts'

/** How long an operation may take, in milliseconds. Some database clients queue without limit. */
const deadlineMs = 500

const guards = new WeakMap<StateStore, WeakMap<Clock, StateStore>>()

/**
 * The same store with one way to fail: an operation that fails, or takes longer than half a second,
 * rejects with a {@link StoreError}, and its signal aborts. A result of the wrong type is an error
 * that names the operation.
 *
 * After three reads in a row that failed, reads fail at once, except one a second that tries; after three
 * writes, admissions do. Other writes are always tried: what they record was paid for.
 *
 * All who guard one store with one clock share what is known about it. A memory store is returned as
 * it is.
 */
export function guardStore(store: StateStore, clock: Clock): StateStore {
  if (isMemoryStore(store)) return store
  const byClock = guards.get(store) ?? new WeakMap<Clock, StateStore>()
  guards.set(store, byClock)
  const guarded = byClock.get(clock) ?? guard(store, createRun(clock))
  byClock.set(clock, guarded)
  return guarded
}

function guard(store: StateStore, run: ReturnType<typeof createRun>): StateStore {
  return {
    get: (key) => run('get', isValue, (call) => store.get(key, call)),
    getMany: (keys) => run('getMany', valuesOf(keys), (call) => store.getMany(keys, call)),
    set: (key, value, ttlMs) => run('set', anything, (call) => store.set(key, value, ttlMs, call)),
    setIfAbsent: (key, value, ttlMs) =>
      run('setIfAbsent', isValue, (call) => store.setIfAbsent(key, value, ttlMs, call)),
    replaceIf: (key, expected, value, ttlMs) =>
      run('replaceIf', isBoolean, (call) => store.replaceIf(key, expected, value, ttlMs, call)),
    deleteIf: (key, expected) =>
      run('deleteIf', isBoolean, (call) => store.deleteIf(key, expected, call)),
    delete: (key) => run('delete', anything, (call) => store.delete(key, call)),
    increment: (key, ttlMs) =>
      run('increment', isCount, (call) => store.increment(key, ttlMs, call)),
    append: (key, entry, ttlMs) =>
      run('append', anything, (call) => store.append(key, entry, ttlMs, call)),
    readFrom: (key, index) => run('readFrom', isLog, (call) => store.readFrom(key, index, call)),
    ...('publish' in store && {
      publish: (channel, message) =>
        run('publish', anything, async (call) => store.publish?.(channel, message, call)),
    }),
    ...('subscribe' in store && {
      subscribe: async (channel, listener) => {
        const stop = await run('subscribe', isFunction, async (call) => {
          return (await store.subscribe?.(channel, listener, call)) ?? (() => {})
        })
        // Its connection may have ended before.
        return () => void (async () => stop())().catch(() => {})
      },
    }),
  }
}

const reads: ReadonlySet<string> = new Set(['get', 'getMany', 'readFrom'])
/** Reads and admissions, which fail at once while the breaker is open. */
const refusable: ReadonlySet<string> = new Set([...reads, 'setIfAbsent', 'increment'])
/** They may fail alone, such as for a user of Redis without channels, and nothing depends on them. */
const hints: ReadonlySet<string> = new Set(['publish', 'subscribe'])

interface Expected {
  readonly words: string
  readonly accepts: (result: unknown) => boolean
}

function createRun(clock: Clock) {
  const operations = new RunningOperations(clock)
  const breakers = { reads: createBreaker('reads', clock), writes: createBreaker('writes', clock) }

  function report(
    operation: string,
    { endsAt }: RunningOperation,
    how: Pick<StoreOperationEvent, 'outcome' | 'cause'>,
  ): void {
    if (!storeOperation.hasSubscribers) return
    const durationMs = clock.monotonic() - (endsAt - deadlineMs)
    storeOperation.publish({ operation, durationMs, ...how })
  }

  return <T>(
    name: string,
    expected: Expected,
    operation: (call: StoreCall) => Promise<T>,
  ): Promise<T> => {
    const kind = reads.has(name) ? 'reads' : 'writes'
    const breaker = hints.has(name) ? undefined : breakers[kind]
    if (refusable.has(name) && breaker?.admits() === false) {
      storeOperation.publish({ operation: name, outcome: 'refused', durationMs: 0 })
      const message = 'The state store is unavailable: its last operations failed.'
      return Promise.reject(new StoreError(message))
    }
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => {
        breaker?.failed()
        report(name, running, { outcome: 'failed', cause })
        reject(new StoreError('The state store is unavailable.', cause))
      }
      const running = new RunningOperation(clock.monotonic() + deadlineMs, fail)
      operations.add(running)
      // What happens after the deadline no longer counts.
      const succeed = (result: T): void => {
        if (!running.settle()) return
        breaker?.succeeded()
        // What takes writes can be read.
        if (breaker === breakers.writes) breakers.reads.succeeded()
        report(name, running, { outcome: 'ok' })
        if (expected.accepts(result)) resolve(result)
        else reject(wrongResult(name, result, expected.words))
      }
      // The operation may throw, and may return no promise.
      new Promise<T>((settle) => settle(operation(running))).then(
        succeed,
        (cause: unknown) => running.settle() && fail(cause),
      )
    })
  }
}

function wrongResult(name: string, result: unknown, expected: string): StoreError {
  const type = Array.isArray(result) ? 'a list' : typeof result
  const what = result === null ? 'null' : result === '' ? 'an empty string' : type
  const message = `The state store resolved ${name} to ${what}; expected ${expected}.`
  const detail = 'It counts as an outage. @linkpass/core/conformance checks a store.'
  if (!warned.has(message)) process.emitWarning(message, { code: 'LINKPASS_STORE', detail })
  warned.add(message)
  return new StoreError(message)
}

// Types and operations are few. A store that is wrong is so at each request.
const warned = new Set<string>()

const anything: Expected = { words: 'anything', accepts: () => true }
const isBoolean = expect('a boolean', (result) => typeof result === 'boolean')
const isFunction = expect('a function', (result) => typeof result === 'function')
const isValue = expect('a string or undefined', isText)
const isCount = expect('a whole number from 1', (n) => Number.isSafeInteger(n) && Number(n) >= 1)
const isLog = expect(
  'a list of strings',
  (result) => Array.isArray(result) && result.every((item) => typeof item === 'string'),
)

function valuesOf(keys: readonly string[]): Expected {
  return expect(
    'a list of a string or undefined for each key',
    (result) => Array.isArray(result) && result.length === keys.length && result.every(isText),
  )
}

function expect(words: string, accepts: (result: unknown) => boolean): Expected {
  return { words, accepts }
}

// No value here is empty. From a store that says so of a key without one, a token would count as ended.
function isText(result: unknown): boolean {
  return result === undefined || (typeof result === 'string' && result !== '')
}
