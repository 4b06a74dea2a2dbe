import { describe, expect, it } from 'vitest'
import { RequestError, ServiceError } from '../../src/errors.ts'
import { nextPoll } from '../../src/calls/next-poll.ts'

function errorResponse(status: number, errorCode = '', retryAfterSeconds?: number): ServiceError {
  const texts = { errorDescription: '', errorMessage: '' }
  return new ServiceError({
    status,
    errorCode,
    ...texts,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}

describe('nextPoll', () => {
  it('waits for the interval while no link was verified, and forgets earlier failures', () => {
    expect(nextPoll(errorResponse(401, 'E062503'), 1500, 4)).toEqual({ waitMs: 1500, failures: 0 })
  })

  it.each([
    ['an expired link', errorResponse(401, 'E062504')],
    ['a malformed request', errorResponse(400, 'E011003')],
    ['a path that is not there', errorResponse(404, 'E011001')],
    ['an abort', new RequestError('ERR_ABORTED', '')],
    ['a closed client', new RequestError('ERR_CLOSED', '')],
    ['a wrong argument', new RequestError('ERR_ARGUMENT', '')],
  ])('ends after %s', (_what, error) => {
    expect(nextPoll(error, 1000, 0)).toBeUndefined()
  })

  it.each([
    ['a dropped connection', new RequestError('ERR_NETWORK', '')],
    ['a poll that took too long', new RequestError('ERR_TIMEOUT', '')],
    ['an unusable response', new RequestError('ERR_RESPONSE_INVALID', '')],
    ['a 500', errorResponse(500)],
    ['a page of a proxy, with 401', errorResponse(401)],
    ['a page of a proxy, with 403', errorResponse(403)],
    ['a page of a proxy, with 404', errorResponse(404)],
    ['a 503', errorResponse(503)],
    ['a 408', errorResponse(408)],
    ['a 429', errorResponse(429)],
  ])('doubles the pause with every failure in a row after %s, up to 30 s', (_what, error) => {
    const pauses = [0, 1, 2, 3, 4, 5, 50].map((failures) => nextPoll(error, 1000, failures)?.waitMs)
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    expect(nextPoll(error, 1000, 3)?.failures).toBe(4)
  })

  it('never pauses for less than an interval that is longer than 30 s', () => {
    expect(nextPoll(errorResponse(500), 45_000, 3)?.waitMs).toBe(45_000)
  })

  it('waits for the service’s Retry-After, if that is longer', () => {
    expect(nextPoll(errorResponse(429, 'E130429', 7), 1000, 0)?.waitMs).toBe(7000)
    expect(nextPoll(errorResponse(429, 'E130429', 0), 1000, 0)?.waitMs).toBe(1000)
    expect(nextPoll(errorResponse(503, '', 7), 1000, 0)?.waitMs).toBe(7000)
  })
})
