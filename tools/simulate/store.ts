import type { StateStore, StoreCall } from '@linkpass/core'
import type { StoreData } from './store-data.ts'
import type { Actor, World } from './world.ts'

/** A client may drop a command that it no longer waits for; until then it may still be carried out. */
const commandLifeMs = 2000

/** The store as one instance reaches it: over a network, by a request and a response. */
export function connectStore(world: World, data: StoreData, actor: Actor): StateStore {
  function ask<T>(
    name: string,
    keys: readonly string[],
    call: StoreCall | undefined,
    operation: () => T,
  ): Promise<T> {
    if (!actor.isAlive) return new Promise(() => {})
    const touches = keys.map((key) => world.nameOf(key))
    const label = `${actor.name} store ${name} ${touches.join(' ')}`
    const fault = (): void => world.onFault(actor)
    // It was not carried out in time.
    call?.signal?.addEventListener('abort', fault)
    return new Promise((resolve, reject) => {
      const respond = (result: T): void => {
        if (world.choices.isExhaustive) return resolve(result)
        const run = (): void => resolve(result)
        world.send({ label: `${label} → ${show(result)}`, to: actor, run })
      }
      const refuse = (): void => {
        fault()
        reject(new Error('The store is unavailable.'))
      }
      const run = (): void => respond(operation())
      const faults = {
        'is refused': refuse,
        'is done, and no response arrives': () => void operation(),
      }
      const isRead = name.startsWith('get') || name === 'readFrom'
      world.send({ label, touches, isRead, lifeMs: commandLifeMs, run, faults })
    })
  }

  function publish(channel: string, message: string): void {
    for (const listener of data.listeners.filter((one) => one.channel === channel)) {
      const { actor: to, hear } = listener
      const hint = {
        label: `${to.name} hint on ${channel}`,
        to,
        touches: ['hints'],
        run: () => hear(message),
      }
      const again = (): void => {
        hear(message)
        world.send(hint)
      }
      world.send({ ...hint, faults: { 'is lost': () => {}, 'comes twice': again } })
    }
  }

  function subscribe(channel: string, hear: (message: string) => void): () => void {
    const listener = { actor, channel, hear }
    data.listeners.push(listener)
    return () => void data.listeners.splice(data.listeners.indexOf(listener), 1)
  }

  return {
    get: (key, call) => ask('get', [key], call, () => data.get(key)),
    getMany: (keys, call) => ask('getMany', keys, call, () => keys.map((key) => data.get(key))),
    set: (key, value, ttlMs, call) => ask('set', [key], call, () => data.set(key, value, ttlMs)),
    setIfAbsent: (key, value, ttlMs, call) =>
      ask('setIfAbsent', [key], call, () => data.setIfAbsent(key, value, ttlMs)),
    replaceIf: (key, expected, value, ttlMs, call) =>
      ask('replaceIf', [key], call, () => data.replaceIf(key, expected, value, ttlMs)),
    deleteIf: (key, expected, call) =>
      ask('deleteIf', [key], call, () => data.replaceIf(key, expected, undefined, 0)),
    delete: (key, call) => ask('delete', [key], call, () => data.set(key, undefined, 0)),
    increment: (key, ttlMs, call) =>
      ask('increment', [key], call, () => data.increment(key, ttlMs)),
    append: (key, entry, ttlMs, call) =>
      ask('append', [key], call, () => data.append(key, entry, ttlMs)),
    readFrom: (key, index, call) => ask('readFrom', [key], call, () => data.readFrom(key, index)),
    publish: (channel, message, call) =>
      ask('publish', [channel], call, () => publish(channel, message)),
    subscribe: (channel, hear, call) =>
      ask('subscribe', [channel], call, () => subscribe(channel, hear)),
  }
}

function show(result: unknown): string {
  if (typeof result === 'string') return 'a value'
  return typeof result === 'boolean' || typeof result === 'number' ? String(result) : 'done'
}
