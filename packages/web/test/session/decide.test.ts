import { expect, test } from 'vitest'
import { responseTo } from '../../src/failure.ts'
import { type LogoutScope, decideLogout } from '../../src/session/decide.ts'

test.each<[LogoutScope, boolean, number | undefined, boolean]>([
  ['this-session', true, undefined, false],
  ['everywhere', true, undefined, false],
  ['this-session', false, 503, false],
  ['everywhere', false, 503, true],
])('a logout of %s that ended them (%s): status %s, cookies kept: %s', (...row) => {
  const [scope, isEnded, status, isKept] = row
  const { failure, keepsCookies } = decideLogout(scope, isEnded)
  expect([failure && responseTo(failure).status, keepsCookies]).toEqual([status, isKept])
})
