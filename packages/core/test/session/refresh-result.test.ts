import { compactDecrypt } from 'jose'
import { createHash, hkdfSync } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createSealer } from '../../src/crypto/sealer.ts'
import { openRefreshResult, sealRefreshResult } from '../../src/session/refresh/entry.ts'

const tokens = { sessionJwt: 'session', refreshJwt: 'refresh' }
const result = { result: tokens, receivedAt: 7 }

describe('a sealed refresh result', () => {
  test('opens with the refresh token it was sealed under, and reveals nothing otherwise', () => {
    const sealed = sealRefreshResult('token', result)
    expect(openRefreshResult('token', sealed)).toEqual(result)
    for (const part of sealed.split('.').slice(2)) {
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toMatch(/session|refresh/)
    }
    expect(sealRefreshResult('token', result)).not.toBe(sealed)
  })

  test('may be an error response', () => {
    const details = { status: 401, errorCode: 'E1', errorDescription: '', errorMessage: '' }
    const timed = { result: { errorResponse: details }, receivedAt: 7 }
    expect(openRefreshResult('token', sealRefreshResult('token', timed))).toEqual(timed)
  })

  test('is a JWE under an HKDF key of the token, for every version that shares the store', async () => {
    const sealed = sealRefreshResult('token', result)
    const scope = createHash('sha256').update('').digest('base64url')
    const info = `linkpass 1 seal refresh result ${scope}`
    const key = new Uint8Array(hkdfSync('sha256', 'token', '', info, 32))
    const { plaintext } = await compactDecrypt(sealed, key)
    expect(JSON.parse(inflateRawSync(plaintext).toString())).toEqual(result)
  })

  test('takes a quarter less than its tokens as text, which come back as they were', () => {
    const jwt = (fill: string): string =>
      ['header', fill.repeat(300), '\n\0'.repeat(32)]
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.')
    const timed = { result: { sessionJwt: jwt('s'), refreshJwt: jwt('r') }, receivedAt: 7 }
    const sealed = sealRefreshResult('token', timed)
    expect(openRefreshResult('token', sealed)).toEqual(timed)
    const asText = createSealer(['token']).seal('refresh result', timed)
    expect(sealed.length).toBeLessThan(0.8 * asText.length)
  })

  test('does not open with another token', () => {
    const sealed = sealRefreshResult('token', result)
    for (const other of ['', 'tokem', 'token ']) {
      expect(openRefreshResult(other, sealed)).toBeUndefined()
    }
  })

  test('does not open when a character was changed, removed or added', () => {
    const sealed = sealRefreshResult('token', result)
    for (let index = 0; index < sealed.length; index += 1) {
      const other = sealed[index] === 'A' ? 'B' : 'A'
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1)
      expect(openRefreshResult('token', changed)).toBeUndefined()
      expect(openRefreshResult('token', sealed.slice(0, index))).toBeUndefined()
    }
    expect(openRefreshResult('token', `${sealed}A`)).toBeUndefined()
  })

  test.each([
    ...[null, 7, 'text', [], {}, { result: tokens }, { result: {}, receivedAt: 7 }],
    ...[{ result: null, receivedAt: 7 }, { result: tokens, receivedAt: '7' }, tokens],
  ])('%j, sealed under the token, is not a result', (value) => {
    const bytes = deflateRawSync(JSON.stringify(value))
    const sealed = createSealer(['token']).sealBytes('refresh result', bytes)
    expect(openRefreshResult('token', sealed)).toBeUndefined()
  })

  test.each([
    ...['', '\n', JSON.stringify(result)].map((text) => Buffer.from(text)),
    deflateRawSync(''),
    deflateRawSync('{"result":'),
    deflateRawSync(JSON.stringify(result)).subarray(1),
  ])('%o, of another release, is not a result', (bytes) => {
    const sealed = createSealer(['token']).sealBytes('refresh result', bytes)
    expect(openRefreshResult('token', sealed)).toBeUndefined()
  })
})
