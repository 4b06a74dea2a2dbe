import { createDecipheriv, hkdfSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openRefreshResult, sealRefreshResult } from '../../src/session/refresh-result.ts'

const successor = { sessionJwt: 'session', refreshJwt: 'refresh' }

describe('a sealed successor', () => {
  test('opens with the refresh token it was sealed with, and shows nothing before', () => {
    const sealed = sealRefreshResult('token', successor)
    expect(openRefreshResult('token', sealed)).toEqual(successor)
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toMatch(/session|refresh/)
    expect(sealRefreshResult('token', successor)).not.toBe(sealed)
  })

  test('is AES-256-GCM under a key by HKDF, for every version that shares the store', () => {
    const sealed = Buffer.from(
      sealRefreshResult('token', { ...successor, sessionJwt: 'ü' }),
      'base64url',
    )
    const key = hkdfSync('sha256', 'token', '', 'linkpass refresh successor 1', 32)
    const iv = sealed.subarray(0, 12)
    const decipher = createDecipheriv('aes-256-gcm', new Uint8Array(key), iv)
    decipher.setAuthTag(sealed.subarray(12, 28))
    const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
    expect(JSON.parse(text.toString())).toEqual({ ...successor, sessionJwt: 'ü' })
  })

  test('does not open with another token', () => {
    const sealed = sealRefreshResult('token', successor)
    for (const other of ['', 'tokem', 'token ']) {
      expect(openRefreshResult(other, sealed)).toBeUndefined()
    }
  })

  test('does not open when anything in it was changed, cut or added', () => {
    const sealed = Buffer.from(sealRefreshResult('token', successor), 'base64url')
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed)
      changed[index]! ^= 1
      expect(openRefreshResult('token', changed.toString('base64url'))).toBeUndefined()
      const cut = sealed.subarray(0, index).toString('base64url')
      expect(openRefreshResult('token', cut)).toBeUndefined()
    }
    const longer = Buffer.concat([sealed, Buffer.alloc(1)]).toString('base64url')
    expect(openRefreshResult('token', longer)).toBeUndefined()
  })
})
