import { describe, expect, it } from 'vitest'
import { signInBody, signUpBody, updateArguments, updateBody } from '../../src/calls/link-body.ts'
import { refreshJwt, uri } from '../fixtures.ts'

/** As the service gets it: what is undefined is not there. */
function sent(body: object): unknown {
  return JSON.parse(JSON.stringify(body))
}

describe('the body of a change of address', () => {
  it('cannot have its fields replaced by options, nor a redirect that was not checked', () => {
    const hostile = {
      loginId: 'eve@evil.test',
      email: 'eve@evil.test',
      redirectUrl: 'https://evil.test',
      URI: 'https://evil.test',
      locale: 'de',
    }
    const address = { loginId: 'ada@example.test', email: 'ada@new.test' }
    expect(sent(updateBody(address, undefined, hostile))).toEqual({ ...address, locale: 'de' })
    expect(sent(updateBody(address, uri, hostile))).toEqual({
      ...address,
      redirectUrl: uri,
      locale: 'de',
    })
  })
})

describe('the body of a sign-in attempt', () => {
  it('keeps options away from the fields beside them', () => {
    const hostile = { locale: 'de', loginId: 'eve@evil.test', redirectUrl: 'https://evil.test' }
    for (const body of [
      signInBody('ada@example.test', uri, hostile),
      signUpBody('ada@example.test', uri, undefined, hostile),
    ]) {
      expect(sent(body)).toEqual({
        loginId: 'ada@example.test',
        redirectUrl: uri,
        loginOptions: hostile,
      })
    }
  })
})

describe('updateArguments', () => {
  const options = { locale: 'de' }

  it.each([
    ['as documented', [refreshJwt, options, undefined], { refreshToken: refreshJwt, options }],
    [
      'as documented, without options',
      [refreshJwt, undefined, undefined],
      { refreshToken: refreshJwt },
    ],
    ['with a redirect', [uri, refreshJwt, options], { uri, refreshToken: refreshJwt, options }],
    [
      'with no redirect in its place',
      [undefined, refreshJwt, undefined],
      { refreshToken: refreshJwt },
    ],
  ] as const)('reads the order %s', (_order, [third, fourth, fifth], read) => {
    const nothing = { uri: undefined, options: undefined }
    expect(updateArguments(third, fourth, fifth)).toEqual({ ...nothing, ...read })
  })
})
