import { expect, it } from 'vitest'
import { RequestError, type RequestErrorCode } from '../../src/errors.ts'
import { isWorthRetrying } from '../../src/http/request-error.ts'

it.each<
  [method: 'GET' | 'POST', RequestErrorCode, written: boolean, attempt: number, again: boolean]
>([
  ['POST', 'ERR_NETWORK', true, 1, false],
  ['POST', 'ERR_NETWORK', false, 1, true],
  ['POST', 'ERR_NETWORK', false, 2, false],
  ['GET', 'ERR_NETWORK', true, 1, true],
  ['GET', 'ERR_NETWORK', true, 2, false],
  ['GET', 'ERR_TIMEOUT', false, 1, false],
  ['GET', 'ERR_ABORTED', false, 1, false],
  ['GET', 'ERR_CLOSED', false, 1, false],
  ['GET', 'ERR_RESPONSE_INVALID', true, 1, false],
])(
  'a %s that ended with %s, written: %s, on attempt %i is sent again: %s',
  (method, code, mayHaveBeenProcessed, attempt, again) => {
    const error = new RequestError(code, '', { mayHaveBeenProcessed })
    expect(isWorthRetrying(method, attempt, error)).toBe(again)
  },
)
