import { describe, expect, it } from 'vitest'
import { onAbort } from '../src/on-abort.ts'

describe('onAbort', () => {
  it('calls each remaining listener once', () => {
    const abort = new AbortController()
    const acted: string[] = []
    onAbort(abort.signal, () => acted.push('a'))
    const stop = onAbort(abort.signal, () => acted.push('b'))
    onAbort(abort.signal, () => acted.push('c'))
    stop()
    abort.abort()
    abort.abort()
    expect(acted).toEqual(['a', 'c'])
  })

  it('calls the listener at once when the signal has aborted', () => {
    let acted = 0
    onAbort(AbortSignal.abort(), () => (acted += 1))()
    expect(acted).toBe(1)
  })
})
