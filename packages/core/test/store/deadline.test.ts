import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { createTestClock, flush, type StoreOperation, wrapStore } from '@linkpass/testing'
import { StoreError } from '../../src/errors.ts'
import { guardStore } from '../../src/store/deadline.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { StateStore, StoreCall } from '../../src/store/state-store.ts'

const operations: Record<StoreOperation, (store: StateStore) => Promise<unknown>> = {
  get: (store) => store.get('k'),
  getMany: (store) => store.getMany(['k', 'l']),
  set: (store) => store.set('k', 'v', 1000),
  setIfAbsent: (store) => store.setIfAbsent('k', 'v', 1000),
  replaceIf: (store) => store.replaceIf('k', 'v', 'w', 1000),
  deleteIf: (store) => store.deleteIf('k', 'v'),
  delete: (store) => store.delete('k'),
  increment: (store) => store.increment('n', 1000),
  append: (store) => store.append('log', 'entry', 1000),
  readFrom: (store) => store.readFrom('log', 0),
}

const asked = ['get', 'getMany', 'readFrom', 'setIfAbsent', 'increment'] as const
const written = ['set', 'replaceIf', 'deleteIf', 'delete', 'append'] as const

/** A store that does the same for every operation. */
function storeThat(does: () => Promise<never>): StateStore {
  return wrapStore(memoryStore(), does)
}

/** A guarded store that fails while `down.now` is set, and how many operations reached it. */
function outage() {
  const clock = createTestClock()
  const down = { now: true, reached: 0 }
  const store = wrapStore(memoryStore({ clock }), (operation) => {
    down.reached += 1
    return down.now ? Promise.reject(new Error('down')) : operation()
  })
  return { clock, down, store, guarded: guardStore(store, clock) }
}

/** Lets three reads and three writes in a row fail. */
async function failThrice(store: StateStore): Promise<void> {
  for (let count = 0; count < 3; count += 1) {
    await store.get('k').catch(() => {})
    await store.delete('k').catch(() => {})
  }
}

describe.each(Object.entries(operations))('%s of a guarded store', (_name, operation) => {
  test('returns the store’s result, and leaves no timer', async () => {
    const clock = createTestClock()
    const [plain, guarded] = [
      memoryStore({ clock }),
      guardStore({ ...memoryStore({ clock }) }, clock),
    ]
    expect(await operation(guarded)).toEqual(await operation(plain))
    await flush()
    expect(clock.sleepers).toBe(0)
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
  ])('fails with a StoreError when the store %s', async (_how, does) => {
    const clock = createTestClock()
    const failed = operation(guardStore(storeThat(does), clock))
    await expect(failed).rejects.toBeInstanceOf(StoreError)
    await expect(failed).rejects.toMatchObject({ cause: { message: 'down' } })
    expect(clock.sleepers).toBe(0)
  })

  test('fails with a StoreError when the store takes longer than half a second', async () => {
    const clock = createTestClock()
    let failed: unknown
    operation(
      guardStore(
        storeThat(() => new Promise(() => {})),
        clock,
      ),
    ).catch((error: unknown) => {
      failed = error
    })
    await flush()
    clock.advance(499)
    await flush()
    expect([failed, clock.sleepers]).toEqual([undefined, 1])
    clock.advance(1)
    await flush()
    // One more turn, for a response that arrived meanwhile.
    await flush()
    expect(failed).toBeInstanceOf(StoreError)
    expect(failed).toMatchObject({ cause: { message: 'The state store did not respond in time.' } })
    expect(clock.sleepers).toBe(0)
  })

  test('has an aborted signal also for a store that first looks once the time is over', async () => {
    const clock = createTestClock()
    let call: StoreCall | undefined
    const hanging = new Proxy(memoryStore(), {
      get:
        () =>
        (...parameters: StoreCall[]) => {
          call = parameters.at(-1)
          return new Promise(() => {})
        },
    })
    const failed = operation(guardStore(hanging, clock)).catch(() => {})
    await flush()
    clock.advance(500)
    await failed
    expect(call?.signal?.aborted).toBe(true)
  })

  test('aborts the signal that the store was given when the time is over', async () => {
    const clock = createTestClock()
    let signal: AbortSignal | undefined
    const hanging = new Proxy(memoryStore(), {
      get:
        () =>
        (...parameters: unknown[]) => {
          const call = parameters.at(-1)
          if (typeof call === 'object' && call !== null) signal = Reflect.get(call, 'signal')
          return new Promise(() => {})
        },
    })
    const failed = operation(guardStore(hanging, clock)).catch((error: unknown) => error)
    expect(signal).toMatchObject({ aborted: false })
    clock.advance(500)
    await failed
    expect(signal).toMatchObject({ aborted: true })
  })
})

describe('a result of the wrong type is one error that names the operation', () => {
  test.each<[StoreOperation, unknown, string]>([
    ['get', null, 'get to null; expected a string or undefined'],
    ['get', 7, 'get to number; expected a string or undefined'],
    ['get', '', 'get to an empty string; expected a string or undefined'],
    ['getMany', [null, null], 'getMany to a list; expected a list of a string or undefined'],
    ['getMany', ['', ''], 'getMany to a list; expected a list of a string or undefined'],
    ['getMany', ['a'], 'getMany to a list; expected a list of a string or undefined'],
    ['setIfAbsent', true, 'setIfAbsent to boolean; expected a string or undefined'],
    ['setIfAbsent', '', 'setIfAbsent to an empty string; expected a string or undefined'],
    ['replaceIf', 1, 'replaceIf to number; expected a boolean'],
    ['deleteIf', undefined, 'deleteIf to undefined; expected a boolean'],
    ['increment', '1', 'increment to string; expected a whole number from 1'],
    ['increment', 0, 'increment to number; expected a whole number from 1'],
    ['readFrom', null, 'readFrom to null; expected a list of strings'],
    ['readFrom', ['a', 7], 'readFrom to a list; expected a list of strings'],
  ])('%s: %j', async (name, result, message) => {
    const store = { ...memoryStore(), [name]: async () => result }
    const failed = operations[name](guardStore(store, createTestClock()))
    await expect(failed).rejects.toBeInstanceOf(StoreError)
    await expect(failed).rejects.toThrow(message)
  })

  test('which is printed once', async () => {
    const warned: string[] = []
    const listen = (warning: Error & { code?: string }): void => {
      if (warning.message.includes('get to a list'))
        warned.push(`${warning.code}: ${warning.message}`)
    }
    process.on('warning', listen)
    const store = Object.assign({ ...memoryStore() }, { get: () => [] })
    const guarded = guardStore(store, createTestClock())
    for (const key of ['a', 'b']) await guarded.get(key).catch(() => {})
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', listen)
    expect(warned).toEqual([
      'LINKPASS_STORE: The state store resolved get to a list; expected a string or undefined.',
    ])
  })

  test('a store without promises works', async () => {
    const store = Object.assign({ ...memoryStore() }, { get: () => 'x' })
    expect(await guardStore(store, createTestClock()).get('k')).toBe('x')
  })
})

describe('after three failures in a row', () => {
  test.each(asked)('%s fails at once, without reaching the store', async (name) => {
    const { down, guarded } = outage()
    await failThrice(guarded)
    await expect(operations[name](guarded)).rejects.toThrow('its last operations failed')
    expect(down.reached).toBe(6)
  })

  test.each(written)('%s is still tried', async (name) => {
    const { down, guarded } = outage()
    await failThrice(guarded)
    await expect(operations[name](guarded)).rejects.toBeInstanceOf(StoreError)
    expect(down.reached).toBe(7)
  })

  test('one operation a second tries, and the first success ends the outage', async () => {
    const { clock, down, guarded } = outage()
    await failThrice(guarded)
    clock.advance(999)
    await expect(guarded.get('k')).rejects.toThrow('its last operations failed')
    clock.advance(1)
    const [probe, other] = await Promise.allSettled([guarded.get('k'), guarded.get('k')])
    expect(probe).toMatchObject({ reason: { message: 'The state store is unavailable.' } })
    expect(other).toMatchObject({ reason: { message: expect.stringContaining('last operations') } })
    expect(down.reached).toBe(7)
    down.now = false
    clock.advance(1000)
    expect(await guarded.get('k')).toBeUndefined()
    expect(await guarded.get('k')).toBeUndefined()
  })

  test('a write that succeeds ends the outage too', async () => {
    const { down, guarded } = outage()
    await failThrice(guarded)
    down.now = false
    await guarded.set('k', 'v', 1000)
    expect(await guarded.get('k')).toBe('v')
  })

  test.each(asked)('of a store that takes no writes, %s is as before', async (name) => {
    const clock = createTestClock()
    const reached: string[] = []
    const full = wrapStore(memoryStore({ clock }), (operation, called) => {
      reached.push(called)
      return ['get', 'getMany', 'readFrom'].includes(called)
        ? operation()
        : Promise.reject(new Error('OOM command not allowed'))
    })
    const guarded = guardStore(full, clock)
    for (let count = 0; count < 3; count += 1) await guarded.increment('n', 1).catch(() => {})
    const outcome = await operations[name](guarded).catch((error: Error) => error.message)
    const isRead = name !== 'setIfAbsent' && name !== 'increment'
    expect(reached.length).toBe(isRead ? 4 : 3)
    if (!isRead) expect(outcome).toContain('its last operations failed')
  })

  test('hints that fail are no failures of the store, and those that succeed end no outage', async () => {
    const { clock, down, store } = outage()
    const hints = { fail: true }
    const hint = async () => (hints.fail ? Promise.reject(new Error('no channels')) : () => {})
    const publish = async (): Promise<void> => void (await hint())
    const guarded = guardStore({ ...store, publish, subscribe: hint }, clock)
    down.now = false
    for (let count = 0; count < 3; count += 1) {
      await guarded.publish?.('c', 'x').catch(() => {})
      await guarded.subscribe?.('c', () => {}).catch(() => {})
    }
    expect(await guarded.get('k')).toBeUndefined()
    down.now = true
    hints.fail = false
    await failThrice(guarded)
    await guarded.publish?.('c', 'x')
    await guarded.subscribe?.('c', () => {})
    await expect(guarded.get('k')).rejects.toThrow('its last operations failed')
  })

  test('failures that are not in a row change nothing', async () => {
    const { down, guarded } = outage()
    for (let count = 0; count < 4; count += 1) {
      down.now = true
      await guarded.get('k').catch(() => {})
      await guarded.get('k').catch(() => {})
      down.now = false
      expect(await guarded.get('k')).toBeUndefined()
    }
  })

  test('C4: a store that hangs delays requests for half a second in all', async () => {
    const clock = createTestClock()
    const guarded = guardStore(
      storeThat(() => new Promise(() => {})),
      clock,
    )
    const first = Promise.allSettled([guarded.get('a'), guarded.get('b'), guarded.get('c')])
    await flush()
    clock.advance(500)
    await first
    await expect(guarded.get('d')).rejects.toThrow('its last operations failed')
    expect(clock.sleepers).toBe(0)
  })

  test('all who guard one store know it', async () => {
    const { clock, down, store, guarded } = outage()
    await failThrice(guarded)
    await expect(guardStore(store, clock).get('k')).rejects.toThrow('its last operations failed')
    expect(down.reached).toBe(6)
  })
})

test('each operation is an event of its outcome, duration and error, without its key and value', async () => {
  const heard: unknown[] = []
  const hear = (event: unknown): void => void heard.push(event)
  const { clock, down, guarded } = outage()
  subscribe('linkpass:store:operation', hear)
  down.now = false
  await guarded.set('k', 'v', 1000)
  down.now = true
  await failThrice(guarded)
  await guarded.get('k').catch(() => {})
  const hanging = guardStore(
    storeThat(() => new Promise(() => {})),
    clock,
  )
  const late = hanging.increment('n', 1000).catch(() => {})
  await flush()
  clock.advance(500)
  await late
  unsubscribe('linkpass:store:operation', hear)
  expect(heard).toEqual([
    { operation: 'set', outcome: 'ok', durationMs: 0 },
    ...Array.from({ length: 6 }, (_, index) => ({
      operation: index % 2 === 0 ? 'get' : 'delete',
      outcome: 'failed',
      durationMs: 0,
      cause: new Error('down'),
    })),
    { operation: 'get', outcome: 'refused', durationMs: 0 },
    {
      operation: 'increment',
      outcome: 'failed',
      durationMs: 500,
      cause: new Error('The state store did not respond in time.'),
    },
  ])
})

test('a response that comes too late neither counts nor ends an outage', async () => {
  const clock = createTestClock()
  const late: (() => void)[] = []
  const slow = wrapStore(memoryStore({ clock }), async (operation) => {
    await new Promise<void>((resolve) => late.push(resolve))
    return operation()
  })
  const guarded = guardStore(slow, clock)
  const failed = Promise.allSettled([guarded.get('a'), guarded.get('b'), guarded.get('c')])
  await flush()
  clock.advance(500)
  await failed
  for (const respond of late) respond()
  await flush()
  await expect(guarded.get('d')).rejects.toThrow('its last operations failed')
})

test('an error that comes after the deadline does not count a second time', async () => {
  const clock = createTestClock()
  const late: ((error: Error) => void)[] = []
  const slow = wrapStore(memoryStore({ clock }), (operation, name) =>
    name === 'get' ? new Promise((_resolve, reject) => late.push(reject)) : operation(),
  )
  const guarded = guardStore(slow, clock)
  const failed = Promise.allSettled([guarded.get('a'), guarded.get('b')])
  await flush()
  clock.advance(500)
  await failed
  for (const fail of late) fail(new Error('down'))
  await flush()
  // After three failures in a row this would not reach the store.
  expect(await guarded.getMany(['a'])).toEqual([undefined])
})

test('hundreds of operations at once have one timer', async () => {
  const clock = createTestClock()
  const guarded = guardStore(
    storeThat(() => new Promise(() => {})),
    clock,
  )
  const failed = Promise.allSettled(
    Array.from({ length: 300 }, (_, n) => guarded.set(`${n}`, '', 1)),
  )
  await flush()
  expect(clock.sleepers).toBe(1)
  clock.advance(500)
  expect((await failed).every(({ status }) => status === 'rejected')).toBe(true)
})

test('hints are guarded where the store has them, and absent where it has none', async () => {
  const clock = createTestClock()
  const store = memoryStore({ clock })
  const guarded = guardStore(store, clock)
  const heard: string[] = []
  const stop = await guarded.subscribe?.('c', (message) => heard.push(message))
  await guarded.publish?.('c', 'x')
  stop?.()
  await guarded.publish?.('c', 'y')
  expect(heard).toEqual(['x'])
  const plain: StateStore = { ...memoryStore({ clock }) }
  delete plain.publish
  delete plain.subscribe
  expect(Object.keys(guardStore(plain, clock)).toSorted()).toEqual(
    Object.keys(operations).toSorted(),
  )
})

test('a store whose hints are undefined, or whose subscription has no end, is used all the same', async () => {
  const clock = createTestClock()
  const without = Object.assign(
    { ...memoryStore({ clock }) },
    {
      publish: undefined,
      subscribe: undefined,
    },
  ) as unknown as StateStore
  const endless = Object.assign({ ...memoryStore({ clock }) }, { subscribe: async () => {} })
  for (const store of [without, endless as unknown as StateStore]) {
    const guarded = guardStore(store, clock)
    await expect(guarded.publish?.('c', 'x')).resolves.toBeUndefined()
    const stop = await guarded.subscribe?.('c', () => {})
    expect(stop?.()).toBeUndefined()
  }
})

test('a subscription that is no function is one error that names the operation', async () => {
  const store = Object.assign({ ...memoryStore() }, { subscribe: async () => 7 })
  const guarded = guardStore(store, createTestClock())
  await expect(guarded.subscribe?.('c', () => {})).rejects.toThrow(
    'subscribe to number; expected a function',
  )
})

test('a subscription whose end fails, as its connection has ended, fails no one who ends it', async () => {
  const clock = createTestClock()
  const gone = new Error('the connection has ended')
  let ended = 0
  for (const end of [() => Promise.reject(gone), () => thrown(gone)]) {
    const subscribe = async () => () => {
      ended += 1
      return end()
    }
    const guarded = guardStore({ ...memoryStore({ clock }), subscribe }, clock)
    const stop = await guarded.subscribe?.('c', () => {})
    expect(stop?.()).toBeUndefined()
  }
  await flush()
  expect(ended).toBe(2)
})

function thrown(error: Error): never {
  throw error
}
