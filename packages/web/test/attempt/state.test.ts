import { createSealer } from '@linkpass/core/internal'
import { describe, expect, test } from 'vitest'
import { type AttemptState, isStateShape, newState, readState } from '../../src/attempt/state.ts'

const secret = 'a secret of at least thirty-two bytes'
const newer = 'another secret of at least thirty-two bytes'
const sealer = createSealer([secret], 'project app')
const signIn = { kind: 'sign-in', channel: 'magic' } as const

const kinds: readonly AttemptState[] = [
  signIn,
  { kind: 'step-up', channel: 'magic' },
  { kind: 'change-email', channel: 'magic' },
  { kind: 'change-phone', channel: 'magic' },
  { kind: 'sign-in', channel: 'enchanted' },
]

describe('the state of an attempt', () => {
  test.each(kinds)('holds $kind by $channel link in 22 characters', (kind) => {
    const state = newState(sealer, kind)
    expect(state).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(readState(sealer, state)).toEqual(kind)
  })

  test('is different for each attempt', () => {
    const states = new Set(Array.from({ length: 100 }, () => newState(sealer, signIn)))
    expect(states.size).toBe(100)
  })

  test('has nine random bytes, of which each bit may be either', () => {
    const states = Array.from({ length: 200 }, () =>
      Buffer.from(newState(sealer, signIn), 'base64url').subarray(1, 10),
    )
    for (let bit = 0; bit < 9 * 8; bit += 1) {
      const values = states.map((bytes) => (bytes[bit >> 3]! >> (bit & 7)) & 1)
      expect(new Set(values), `bit ${bit}`).toEqual(new Set([0, 1]))
    }
  })

  test.each([
    ['Ad1ZmaekEGTg3CSqviwW4w', kinds[0]],
    ['AgROG7GAltXyjLrTSz3rtw', kinds[1]],
    ['A8ixqElCRtpV6aHLpyU5cw', kinds[2]],
    ['BMXvdon3vhFzpdq1DtjT9w', kinds[3]],
    ['BU1koJxytUiCvLfybVmYcQ', kinds[4]],
  ])('of an instance of another release is read: %s', (state, kind) => {
    expect(readState(sealer, state)).toEqual(kind)
  })

  test('cannot be made up: a state with one changed bit is rejected', () => {
    const bytes = Buffer.from(newState(sealer, signIn), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(readState(sealer, changed.toString('base64url')), `bit ${bit}`).toBeUndefined()
    }
  })

  test('cannot become an attempt of another kind', () => {
    const bytes = Buffer.from(newState(sealer, { kind: 'step-up', channel: 'magic' }), 'base64url')
    for (let code = 0; code < 256; code += 1) {
      if (code === bytes[0]) continue
      const changed = Buffer.from(bytes)
      changed[0] = code
      expect(readState(sealer, changed.toString('base64url')), `code ${code}`).toBeUndefined()
    }
  })

  test('has one spelling', () => {
    const state = newState(sealer, signIn)
    const last = state.charCodeAt(21)
    const other = state.slice(0, 21) + String.fromCharCode(last === 122 ? last - 1 : last + 1)
    expect(readState(sealer, other)).toBeUndefined()
  })

  test('of another app, project or secret is rejected', () => {
    const state = newState(sealer, signIn)
    expect(readState(createSealer([secret], 'project other'), state)).toBeUndefined()
    expect(readState(createSealer([newer], 'project app'), state)).toBeUndefined()
  })

  test('made under any of the listed secrets is accepted', () => {
    const state = newState(sealer, signIn)
    expect(readState(createSealer([newer, secret], 'project app'), state)).toEqual(signIn)
  })

  test.each(['', 'a', 'a'.repeat(21), 'a'.repeat(22), 'a'.repeat(23), `${'a'.repeat(21)}/`, 12])(
    '%o is rejected',
    (value) => {
      expect(readState(sealer, value)).toBeUndefined()
    },
  )

  test.each([
    ['text around it', (state: string) => [`${state}A`, `A${state}`, ` ${state}`, `${state}\n`]],
    ['another type', (state: string) => [[state], { toString: () => state }, undefined, null]],
  ])('with %s is rejected, and has not its shape', (_, spoil) => {
    const state = newState(sealer, signIn)
    expect(isStateShape(state)).toBe(true)
    for (const spoiled of spoil(state)) {
      expect(readState(sealer, spoiled), String(spoiled)).toBeUndefined()
      expect(isStateShape(spoiled), String(spoiled)).toBe(false)
    }
  })
})
