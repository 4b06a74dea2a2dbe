import { describe, expect, it } from 'vitest'
import { type Account, type AccountDeps, createAccount } from '../../src/calls/account.ts'
import { RequestError } from '../../src/errors.ts'
import type { Call } from '../../src/http/service.ts'
import { notSent } from '../../src/result.ts'
import { refreshJwt, sessionJwt } from '../fixtures.ts'

type Record = AccountDeps['record']

const outage = new Error('the store is down')
const failing: Record = () => Promise.reject(outage)
// Only the response to a logout matters here, which is an empty object.
const succeed = (() => Promise.resolve({ ok: true, code: 200, data: {} })) as unknown as Call
const fail: Call = () => notSent(new RequestError('ERR_NETWORK', 'down'))

const hanging = () => new Promise<never>(() => {})
const deps: AccountDeps = {
  call: succeed,
  limits: { signal: undefined, timeoutMs: 10_000 },
  record: async () => {},
  mustRecord: true,
  validateSession: async () => {},
}

function accountWith(call: Call, record: Record, mustRecord: boolean): Account {
  return createAccount({ ...deps, call, record, mustRecord })
}

describe('a logout', () => {
  it('is recorded with the session token that it ends', async () => {
    const recorded: unknown[] = []
    const account = accountWith(succeed, async (...what) => void recorded.push(what), true)
    await account.logout(refreshJwt, { sessionJwt })
    await account.logout(refreshJwt)
    await account.logoutAll(refreshJwt)
    expect(recorded).toEqual([
      [refreshJwt, 'refresh', 'this-session'],
      [sessionJwt, 'session', 'this-session'],
      [refreshJwt, 'refresh', 'this-session'],
      [refreshJwt, 'refresh', 'everywhere'],
    ])
  })

  it('is recorded even if the service is unavailable', async () => {
    let recorded = false
    const record = async () => void (recorded = true)
    const result = await accountWith(fail, record, true).logout(refreshJwt)
    expect(result.error?.code).toBe('ERR_NETWORK')
    expect(recorded).toBe(true)
  })

  it.each(['logout', 'logoutAll'] as const)(
    'by %s that could not be recorded is ERR_LOGOUT_NOT_RECORDED with revocation',
    async (call) => {
      const result = await accountWith(succeed, failing, true)[call](refreshJwt)
      expect(result).toMatchObject({
        ok: false,
        code: 0,
        error: { code: 'ERR_LOGOUT_NOT_RECORDED', mayHaveBeenProcessed: true, cause: outage },
      })
    },
  )

  it('that could not be recorded has the service’s result without revocation', async () => {
    expect((await accountWith(succeed, failing, false).logout(refreshJwt)).ok).toBe(true)
  })

  it('with an invalid token is not recorded', async () => {
    const account = accountWith(succeed, failing, true)
    expect((await account.logout('x')).error?.code).toBe('ERR_ARGUMENT')
  })
})

describe('P34: a deadline', () => {
  const limits = { signal: undefined, timeoutMs: 10 }
  const account = createAccount({ ...deps, limits, record: hanging, validateSession: hanging })

  it.each(['logout', 'logoutAll'] as const)('ends %s while the store hangs', async (call) => {
    const { error } = await account[call](refreshJwt)
    expect(error?.code).toBe('ERR_LOGOUT_NOT_RECORDED')
  })

  it('ends exchangeAccessKey while the keys hang', async () => {
    const { error } = await account.exchangeAccessKey('K2')
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', mayHaveBeenProcessed: true })
  })
})
