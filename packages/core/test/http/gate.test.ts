import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/http/gate.ts'

/** A gate for so many requests, and the names of those that it started. */
function create(most: number) {
  const gate = new Gate(most)
  const started: string[] = []
  const ended = new Set<string>()
  const enter = (name: string): void =>
    gate.enter(() => {
      if (ended.has(name)) return false
      started.push(name)
      return true
    })
  return { gate, started, ended, enter }
}

describe('a gate', () => {
  test('starts the requests that wait in their order, one for each that ends', () => {
    const { gate, started, enter } = create(2)
    for (const name of ['a', 'b', 'c', 'd']) enter(name)
    expect(started).toEqual(['a', 'b'])
    gate.leave()
    expect(started).toEqual(['a', 'b', 'c'])
    gate.leave()
    expect(started).toEqual(['a', 'b', 'c', 'd'])
  })

  test('gives the turn of a request that ended while it waited to the next one', () => {
    const { gate, started, ended, enter } = create(1)
    for (const name of ['a', 'b', 'c']) enter(name)
    ended.add('b')
    gate.leave()
    expect(started).toEqual(['a', 'c'])
  })

  test('keeps no place for a request that had ended before its turn', () => {
    const { started, ended, enter } = create(1)
    ended.add('a')
    for (const name of ['a', 'b', 'c']) enter(name)
    expect(started).toEqual(['b'])
  })

  test('has its place back once the last of those that wait has ended', () => {
    const { gate, started, ended, enter } = create(1)
    for (const name of ['a', 'b']) enter(name)
    ended.add('b')
    gate.leave()
    for (const name of ['c', 'd']) enter(name)
    expect(started).toEqual(['a', 'c'])
  })
})
