import { describe, expect, expectTypeOf, it } from 'vitest'
import { RequestError, type ServiceError } from '../src/errors.ts'
import { notLoaded, notSent, type Result, unwrap } from '../src/result.ts'

describe('unwrap', () => {
  it('returns the data', () => {
    expect(unwrap({ ok: true, code: 200, data: 1 })).toBe(1)
  })

  it('throws the error of the result itself', async () => {
    const error = new RequestError('ERR_ARGUMENT', 'no', { argument: 'x' })
    const result = await notSent(error)
    expect(() => unwrap(result)).toThrow(error)
  })

  it.each([Promise.resolve({ ok: true, code: 200, data: 1 }), undefined, null, {}, 'ok'])(
    'U23: names the fix for what is no result, such as a promise without await',
    (given) => {
      expect(() => unwrap(given as Result<unknown>)).toThrow(
        new TypeError('unwrap needs a result: unwrap(await client.magicLink.verify(token)).'),
      )
    },
  )
})

it('a call whose code did not load was not processed, and its error says why it did not', () => {
  const cause = new Error('no such file\nRequire stack:\n- app.cjs')
  const error = notLoaded(cause)
  expect(error).toBeInstanceOf(RequestError)
  expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: false, cause })
  expect(error.message).toBe(
    'The code that makes requests could not be loaded (Error: no such file). Check that the package, or the bundle of the app, is whole.',
  )
})

it('a result narrows by ok', () => {
  const check = (result: Result<string>) => {
    if (result.ok) expectTypeOf(result.data).toEqualTypeOf<string>()
    else expectTypeOf(result.error).toEqualTypeOf<ServiceError | RequestError>()
    // @ts-expect-error -- the data of a result that was not tested may be absent
    return result.data.length
  }
  expect(check).toBeTypeOf('function')
})
