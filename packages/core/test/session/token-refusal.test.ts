import { expect, test } from 'vitest'
import { isTokenRefusal } from '../../src/session/token-refusal.ts'

test.each<[number, string, boolean, string]>([
  [401, 'E061005', true, 'a token that is no good'],
  [401, 'E062504', true, 'a token that has expired'],
  [401, 'E064001', true, 'a token that a logout ended'],
  [400, 'E062108', true, 'a person who is gone'],
  [401, 'E061004', false, 'a request that was not authorized: our key or project'],
  [400, 'E011001', false, 'a request it cannot read'],
  [400, 'E011002', false, 'a request that lacks something'],
  [400, 'E011003', false, 'a request it does not like'],
  [400, 'E011004', false, 'an argument it does not like'],
  [401, 'E062802', false, 'no access key'],
  [401, 'E062803', false, 'an access key that is no good'],
  [429, 'E130429', false, 'too many requests'],
  [401, 'E069999', true, 'a code that nobody knows'],
  [401, '', false, 'a proxy'],
  [403, 'E061005', false, 'a status that the service does not refuse tokens with'],
  [500, 'E064001', false, 'an outage, whatever its code'],
])('T-60: %i %s is of the token: %s (%s)', (status, errorCode, expected) => {
  expect(isTokenRefusal({ status, errorCode })).toBe(expected)
})
