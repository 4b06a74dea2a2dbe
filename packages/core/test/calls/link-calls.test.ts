import { describe, expect, it } from 'vitest'
import { signIn, signUp, signUpOrIn, update } from '../../src/calls/link-calls.ts'
import type { Call } from '../../src/http/service.ts'
import { refreshJwt, uri } from '../fixtures.ts'

/** What a call sends: its token, and its body as the service gets it. */
async function sent(send: (call: Call) => Promise<unknown>): Promise<unknown[]> {
  const requests: unknown[] = []
  const call = (async (_name, { token, body }) => {
    requests.push({ token, body: JSON.parse(JSON.stringify(body)) })
    return { ok: true, code: 200, data: {} }
  }) as Call
  await send(call)
  return requests
}

const [ada, next] = ['ada@example.test', 'ada@new.test']

describe('a change of address', () => {
  it('cannot have its fields replaced by options, nor a redirect that was not checked', async () => {
    const hostile = {
      loginId: 'eve@evil.test',
      email: 'eve@evil.test',
      redirectUrl: 'https://evil.test',
      URI: 'https://evil.test',
      locale: 'de',
    }
    const body = { loginId: ada, email: next, locale: 'de' }
    const change = (call: Call) => update(call, 'magicLink.update.email', 'email')
    expect(await sent((call) => change(call)(ada, next, refreshJwt, hostile))).toEqual([
      { token: refreshJwt, body },
    ])
    expect(await sent((call) => change(call)(ada, next, uri, refreshJwt, hostile))).toEqual([
      { token: refreshJwt, body: { ...body, redirectUrl: uri } },
    ])
  })

  const options = { locale: 'de' }

  it.each([
    ['as documented', [refreshJwt, options], options],
    ['as documented, without options', [refreshJwt], {}],
    ['with a redirect', [uri, refreshJwt, options], { redirectUrl: uri, ...options }],
    ['with no redirect in its place', [undefined, refreshJwt], {}],
  ])('takes its arguments %s', async (_order, rest, fields) => {
    const requests = await sent((call) =>
      update(
        call,
        'magicLink.update.phone.sms',
        'phone',
      )(...([ada, '+15555550100', ...rest] as [string, string, string])),
    )
    const body = { loginId: ada, phone: '+15555550100', ...fields }
    expect(requests).toEqual([{ token: refreshJwt, body }])
  })
})

it.each<[string, (call: Call, options: object) => Promise<unknown>]>([
  ['signIn', (call, options) => signIn(call, 'enchantedLink.signIn')(ada, uri, options)],
  ['signUp', (call, options) => signUp(call, 'enchantedLink.signUp')(ada, uri, undefined, options)],
  [
    'signUpOrIn',
    (call, options) => signUpOrIn(call, 'enchantedLink.signUpOrIn')(ada, uri, options),
  ],
])('%s keeps options away from the fields beside them', async (_name, request) => {
  const hostile = { locale: 'de', loginId: 'eve@evil.test', redirectUrl: 'https://evil.test' }
  expect(await sent((call) => request(call, hostile))).toEqual([
    { token: undefined, body: { loginId: ada, redirectUrl: uri, loginOptions: hostile } },
  ])
})
