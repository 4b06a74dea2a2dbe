import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../src/index.ts'

// What a test in JavaScript may pass, whom no compiler tells.
describe('a wrong argument of a function for tests is refused by its name', () => {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await startEmulator()
  })
  afterAll(() => emulator.close())

  const ada = 'ada@example.test'
  it.each<[string, unknown[]]>([
    ['loginId must be text.', []],
    ['loginId must be text.', [{ email: ada }]],
    ['options must be an object, such as { roles: ["editor"] }.', [ada, 'editor']],
    ['Unrecognized key: "role".', [ada, { role: ['editor'] }]],
    ['roles must be a list of names.', [ada, { roles: 'editor' }]],
    ['tenants must be an object of tenants by id.', [ada, { tenants: ['T1'] }]],
    [
      'cookieNames must be auth.cookieNames, or { session, refresh }.',
      [ada, { cookieNames: 'DS' }],
    ],
    ['ageSeconds must be a number.', [ada, { ageSeconds: '660' }]],
  ])('signIn: %s', async (message, args) => {
    const refused = call(emulator, 'signIn', args)
    await expect(refused).rejects.toThrow(new TypeError(`signIn: ${message}`))
  })

  it.each<[string, unknown]>([
    ['options must be an object, such as { to: "ada@example.com" }.', ada],
    ['Unrecognized key: "email".', { email: ada }],
    ['Unrecognized key: "timeout".', { to: ada, timeout: 5000 }],
    ['timeoutMs must be a number of milliseconds from 0.', { to: ada, timeoutMs: '5s' }],
  ])('inbox.waitFor: %s', async (message, options) => {
    const refused = call(emulator.inbox, 'waitFor', [options])
    await expect(refused).rejects.toThrow(new TypeError(`inbox.waitFor: ${message}`))
  })

  it('inbox.list and keys.rotate do the same', async () => {
    expect(() => call(emulator.inbox, 'list', [ada])).toThrow(
      'inbox.list: options must be an object, such as { to: "ada@example.com" }.',
    )
    await expect(call(emulator.keys, 'rotate', [{ grace: 5 }])).rejects.toThrow(
      'keys.rotate: Unrecognized key: "grace".',
    )
  })
})

function call(target: object, name: string, args: unknown[]): unknown {
  return Reflect.apply(Reflect.get(target, name), target, args)
}
