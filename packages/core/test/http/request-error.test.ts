import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { disconnected } from '../../src/http/request-error.ts'

describe('a connection that failed', () => {
  test.each(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED'])('by %s was closed', (code) => {
    expect(disconnected({ code }, false)).toMatchObject({
      code: 'ERR_CLOSED',
      mayHaveBeenProcessed: false,
    })
  })

  test.each([
    ['a code of the system', { code: 'ECONNRESET' }, ' (ECONNRESET)'],
    ['a code of undici', { code: 'UND_ERR_SOCKET' }, ' (UND_ERR_SOCKET)'],
    ['an error without one', new Error('secret'), ''],
    ['a code that is no fixed word', { code: 'Bearer secret' }, ''],
    ['a code that is a number', { code: 7 }, ''],
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['a text', 'secret', ''],
  ])('by %s has this message', (_what, cause, detail) => {
    const error = disconnected(cause, true)
    expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: true })
    expect(error.message).toBe(`The connection to the service failed${detail}.`)
  })

  test('has nothing of a response that could not be parsed', () => {
    const parserError = Object.assign(new Error('Response does not match'), {
      code: 'HPE_INVALID_CONSTANT',
      data: 'HTTP/1.1 200 OK\r\n\r\n{"sessionJwt":"secret"}',
      socket: { remoteAddress: 'secret' },
    })
    const error = disconnected(parserError, true)
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('secret')
    expect(error.cause).toMatchObject({ code: 'HPE_INVALID_CONSTANT' })
  })

  test('to every address of a host says so in its cause, without the addresses', () => {
    const cause = new AggregateError([new Error('connect ECONNREFUSED 10.1.2.3:443')], '10.1.2.3')
    const error = disconnected(Object.assign(cause, { code: 'ECONNREFUSED' }), false)
    expect(error.cause).toMatchObject({
      message: 'AggregateError of the dispatcher: ECONNREFUSED',
      code: 'ECONNREFUSED',
    })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('10.1.2.3')
  })
})
