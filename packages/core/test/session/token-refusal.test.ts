import { expect, test } from 'vitest'
import { isTokenRefusal } from '../../src/session/decide.ts'

test.each<[number, string, boolean, string]>([
  [401, 'E061005', true, 'an invalid token'],
  [401, 'E062504', true, 'an expired token'],
  [401, 'E064001', true, 'a logged-out token'],
  [400, 'E062108', true, 'a user who was deleted'],
  [401, 'E061004', false, 'a request that is not authorized: the key or the project'],
  [400, 'E011001', false, 'a request that cannot be parsed'],
  [400, 'E011002', false, 'an incomplete request'],
  [400, 'E011003', false, 'an invalid request'],
  [400, 'E011004', false, 'an invalid argument'],
  [401, 'E062802', false, 'no access key'],
  [401, 'E062803', false, 'an invalid access key'],
  [429, 'E130429', false, 'too many requests'],
  [401, 'E069999', true, 'an unknown code'],
  [401, '', false, 'a proxy'],
  [403, 'E061005', false, 'a status that does not reject tokens'],
  [500, 'E064001', false, 'an outage with any code'],
])('T-60: %i %s rejects the token: %s (%s)', (status, errorCode, expected) => {
  expect(isTokenRefusal({ status, errorCode })).toBe(expected)
})
