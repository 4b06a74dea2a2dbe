import { describe, expect, it } from 'vitest'
import type * as errors from '../src/errors.ts'
import type * as stores from '../src/store/memory-store.ts'
import { isMemoryStore } from '../src/store/memory-store.ts'
import {
  KeySetError,
  LinkpassError,
  RequestError,
  ServiceError,
  StoreError,
  TokenError,
} from '../src/errors.ts'

// A second copy of the module, as an app has that loads both builds or two installations.
const path = '../src/errors.ts?copy'
const copy: typeof errors = await import(path)
const own = { ServiceError, RequestError, TokenError, KeySetError, StoreError }

const details = { status: 500, errorCode: '', errorDescription: '', errorMessage: '' }
const foreign = {
  ServiceError: new copy.ServiceError(details),
  RequestError: new copy.RequestError('ERR_NETWORK', 'text'),
  TokenError: new copy.TokenError('ERR_TOKEN_EXPIRED', 'text'),
  KeySetError: new copy.KeySetError('text', 1),
  StoreError: new copy.StoreError('text'),
}
type Kind = keyof typeof foreign
const kinds = Object.keys(foreign) as Kind[]

describe('an error of another copy of the package', () => {
  it.each(kinds)('of class %s is an instance of that class and of no other', (kind) => {
    expect(new Map<string, unknown>(Object.entries(copy)).get(kind)).not.toBe(own[kind])
    expect(kinds.filter((other) => foreign[kind] instanceof own[other])).toEqual([kind])
    expect(foreign[kind]).toBeInstanceOf(LinkpassError)
    expect(foreign[kind]).toBeInstanceOf(Error)
  })

  it('is no instance of a class that an app derived', () => {
    class OwnError extends TokenError {}
    const derived = new OwnError('ERR_TOKEN_EXPIRED', 'text')
    expect(derived).toBeInstanceOf(OwnError)
    expect(derived).toBeInstanceOf(copy.TokenError)
    expect(foreign.TokenError).not.toBeInstanceOf(OwnError)
    expect(new TokenError('ERR_TOKEN_EXPIRED', 'text')).not.toBeInstanceOf(OwnError)
  })

  it.each([undefined, null, 'text', 1, {}, new Error('text'), { name: 'TokenError' }])(
    'is not %j',
    (value) => {
      expect(value instanceof TokenError).toBe(false)
      expect(value instanceof LinkpassError).toBe(false)
    },
  )
})

describe('a memory store of another copy of the package', () => {
  it('is one, and a copy of its functions is none', async () => {
    const storePath = '../src/store/memory-store.ts?copy'
    const { memoryStore }: typeof stores = await import(storePath)
    const store = memoryStore()
    expect(isMemoryStore(store)).toBe(true)
    expect(isMemoryStore({ ...store })).toBe(false)
  })
})
