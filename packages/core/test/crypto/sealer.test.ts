import { compactDecrypt, CompactEncrypt } from 'jose'
import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSealer, hashRandom, type Sealer } from '@linkpass/core/internal'

const secret = 'a secret of at least thirty-two bytes'
const newer = 'another secret of at least thirty-two bytes'
const sealer = createSealer([secret])

/** The key as RFC 5869 has it, made without the code under test. */
function keyFor(purpose: string, use = 'seal', format = 1): Uint8Array {
  const scope = createHash('sha256').update('').digest('base64url')
  return new Uint8Array(
    hkdfSync('sha256', secret, '', `linkpass ${format} ${use} ${purpose} ${scope}`, 32),
  )
}

describe('sealed data', () => {
  test('is opened unchanged', () => {
    const data = { list: [1, 'zwei', null], text: 'Ünïcödé 💌' }
    expect(sealer.open('start', sealer.seal('start', data))).toEqual(data)
  })

  test('is a JWE that jose opens', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(
      sealer.seal('start', { a: 1 }),
      keyFor('start'),
    )
    expect(new TextDecoder().decode(plaintext)).toBe('{"a":1}')
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: '1' })
  })

  test('opens a JWE that jose made', async () => {
    const sealed = await new CompactEncrypt(new TextEncoder().encode('{"a":1}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: '1' })
      .encrypt(keyFor('start'))
    expect(sealer.open('start', sealed)).toEqual({ a: 1 })
  })

  test('is never the same twice', () => {
    expect(sealer.seal('start', 1)).not.toBe(sealer.seal('start', 1))
  })

  test('cannot be used for another purpose', () => {
    expect(sealer.open('pending', sealer.seal('start', 1))).toBeUndefined()
  })

  test('that was bound to a second secret is opened only by both', () => {
    const sealed = sealer.seal('start', 1, 'bound')
    expect(sealer.open('start', sealed, 'bound')).toBe(1)
    expect(sealer.open('start', sealed)).toBeUndefined()
    expect(sealer.open('start', sealed, '')).toBeUndefined()
    expect(sealer.open('start', sealed, 'other')).toBeUndefined()
    expect(createSealer([newer]).open('start', sealed, 'bound')).toBeUndefined()
    expect(sealer.open('start', sealer.seal('start', 1), 'bound')).toBeUndefined()
  })

  test('does not open after any change', () => {
    const sealed = sealer.seal('start', { userId: 'U1' })
    const opened = sealed.split('').flatMap((character, at) => {
      const other = character === 'A' ? 'B' : 'A'
      const data = sealer.open('start', sealed.slice(0, at) + other + sealed.slice(at + 1))
      return data === undefined ? [] : [data]
    })
    expect(opened).toEqual([])
  })

  test.each(['=', '==', ' ', '\n', '!', '\u00a0', '.', '.AAAA'])(
    'has one spelling: not with %j in or behind any part',
    (extra) => {
      const sealed = sealer.seal('start', { userId: 'U1' })
      const places = [...sealed.matchAll(/\.|$/g)].map(({ index }) => index)
      const spellings = [...places, sealed.length - 3].map(
        (at) => sealed.slice(0, at) + extra + sealed.slice(at),
      )
      expect(spellings.map((spelling) => sealer.open('start', spelling))).toEqual(
        spellings.map(() => undefined),
      )
    },
  )

  test.each(['', 'x', '..', '....', 'eyJhbGciOiJub25lIn0..AAAA.AAAA.AAAA', 'a.b.c.d.e', '\0'])(
    'rejects %o',
    (sealed) => {
      expect(sealer.open('start', sealed)).toBeUndefined()
    },
  )

  test('rejects a truncated tag', () => {
    const parts = sealer.seal('start', 1).split('.')
    parts[4] = (parts[4] ?? '').slice(0, 6)
    expect(sealer.open('start', parts.join('.'))).toBeUndefined()
  })

  test('can be opened during a rotation of secrets while the old one is listed', () => {
    const rotated = createSealer([newer, secret])
    expect(rotated.open('start', sealer.seal('start', 1))).toBe(1)
    expect(sealer.open('start', rotated.seal('start', 1))).toBeUndefined()
    expect(createSealer([newer]).open('start', sealer.seal('start', 1))).toBeUndefined()
  })
})

describe('the format of sealed data', () => {
  const of = (format: number): Sealer => createSealer([secret], '', format)
  const [older, own, younger] = [of(5), of(6), of(7)]

  test('is read by its neighbours, and by no other release', () => {
    for (const one of [older, own, younger]) expect(own.open('start', one.seal('start', 1))).toBe(1)
    for (const one of [older, younger]) expect(one.open('start', own.seal('start', 1))).toBe(1)
    expect(younger.open('start', older.seal('start', 1))).toBeUndefined()
    expect(older.open('start', younger.seal('start', 1))).toBeUndefined()
  })

  test('is the kid of the JWE, and has a key of its own', async () => {
    const sealed = younger.seal('start', { a: 1 })
    const { protectedHeader } = await compactDecrypt(sealed, keyFor('start', 'seal', 7))
    expect(protectedHeader.kid).toBe('7')
    const [, ...rest] = sealed.split('.')
    const [header] = own.seal('start', 1).split('.')
    expect(own.open('start', [header, ...rest].join('.'))).toBeUndefined()
  })

  test('changes no names and tags, so that releases find each other’s entries', () => {
    expect(older.fingerprint('link', 't')).toBe(younger.fingerprint('link', 't'))
    expect(older.hasTag('state', Buffer.from('a'), younger.tag('state', Buffer.from('a'), 6))).toBe(
      true,
    )
  })
})

describe('a fingerprint', () => {
  test('does not reveal the text, and depends on the purpose and the secret', () => {
    const name = sealer.fingerprint('limit', 'ada@example.test')
    expect(name).toMatch(/^[\w-]{43}$/)
    expect(sealer.fingerprint('limit', 'ada@example.test')).toBe(name)
    expect(sealer.fingerprint('link', 'ada@example.test')).not.toBe(name)
    expect(createSealer([newer]).fingerprint('limit', 'ada@example.test')).not.toBe(name)
  })

  test('is available under each of the secrets while they rotate', () => {
    const [old, young] = [sealer, createSealer([newer])].map((one) => one.fingerprint('link', 't'))
    expect(createSealer([newer, secret]).fingerprints('link', 't')).toEqual([young, old])
    expect(sealer.fingerprints('link', 't')).toEqual([old])
  })
})

test('P28: no key serves two algorithms', () => {
  const macs = ['seal', 'hmac', 'tag'].map((use) =>
    createHmac('sha256', keyFor('p', use)).update('text').digest('base64url'),
  )
  const tag = sealer.tag('p', Buffer.from('text'), 32).toString('base64url')
  expect([sealer.fingerprint('p', 'text'), tag]).toEqual(macs.slice(1))
  expect(new Set(macs).size).toBe(3)
})

test('the hash of a random value depends on no secret, so that instances find each other’s entries', () => {
  const hash = createHash('sha256').update('random\0value').digest('base64url')
  expect(hashRandom('value')).toBe(hash)
})

describe('a sealer of another scope', () => {
  const other = createSealer([secret], 'project app')

  test('opens nothing, and names and tags everything differently', () => {
    expect(other.open('start', sealer.seal('start', 1))).toBeUndefined()
    expect(other.fingerprint('link', 't')).not.toBe(sealer.fingerprint('link', 't'))
    expect(other.hasTag('state', Buffer.from('a'), sealer.tag('state', Buffer.from('a'), 6))).toBe(
      false,
    )
  })
})

describe('a tag', () => {
  const bytes = Buffer.from('content')

  test('is accepted for its bytes, its purpose and each listed secret', () => {
    const tag = sealer.tag('state', bytes, 6)
    expect(tag).toHaveLength(6)
    expect(sealer.hasTag('state', bytes, tag)).toBe(true)
    expect(createSealer([newer, secret]).hasTag('state', bytes, tag)).toBe(true)
    expect(createSealer([newer]).hasTag('state', bytes, tag)).toBe(false)
    expect(sealer.hasTag('other', bytes, tag)).toBe(false)
    expect(sealer.hasTag('state', Buffer.from('contend'), tag)).toBe(false)
  })
})
