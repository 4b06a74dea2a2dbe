import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { createTestUser, manage, signIn, text, tokensOf } from '../test-users.ts'
import { type Case, refused, succeeded } from './case.ts'

/** The calls with a session, and of access keys. */
export const sessionCases: readonly Case[] = [
  {
    title: 'refresh',
    live: true,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      text(succeeded(await sdk.refresh(refreshJwt)), 'sessionJwt')
    },
  },
  {
    title: 'validateSession, refreshSession and validateAndRefreshSession',
    live: true,
    applies: ({ checks }) => checks !== undefined,
    run: async ({ checks }, backend, testUser) => {
      ok(checks)
      const { sessionJwt, refreshJwt } = await signIn(backend, testUser)
      for (const checked of [
        await checks.validateSession(sessionJwt),
        await checks.refreshSession(refreshJwt),
        await checks.validateAndRefreshSession(sessionJwt, refreshJwt),
      ]) {
        equal(checked.token.sub, testUser.userId)
      }
      const forged = `${sessionJwt.slice(0, -8)}AAAAAAAA`
      await rejects(checks.validateSession(forged))
    },
  },
  {
    title: 'me',
    live: true,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const user = succeeded(await sdk.me(refreshJwt))
      equal(text(user, 'userId'), testUser.userId)
      deepEqual(Object(user).loginIds, [testUser.loginId])
    },
  },
  {
    title: 'history, which is a bare array',
    live: true,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const entries = succeeded(await sdk.history(refreshJwt))
      ok(Array.isArray(entries) && Number.isInteger(Object(entries[0]).loginTime))
    },
  },
  {
    title: 'selectTenant and myTenants',
    live: false,
    run: async (sdk, backend) => {
      const created = await manage(backend, '/v1/mgmt/tenant/create', { name: 'Engines' })
      const tenantId = text(created.body, 'id')
      const tenants = [{ tenantId }, { tenantId: 'T-looms' }]
      const testUser = await createTestUser(backend, tenants)
      const { refreshJwt } = await signIn(backend, testUser)
      const selected = tokensOf(succeeded(await sdk.selectTenant(tenantId, refreshJwt)))
      const expected = [{ id: tenantId, name: 'Engines', customAttributes: {} }]
      const current = succeeded(await sdk.myTenants(true, selected.refreshJwt))
      deepEqual(Object(current).tenants, expected)
      const named = succeeded(await sdk.myTenants([tenantId], refreshJwt))
      deepEqual(Object(named).tenants, expected)
    },
  },
  {
    title: 'exchangeAccessKey',
    live: false,
    run: async (sdk, backend) => {
      const body = { name: 'conformance', expireTime: 0 }
      const { cleartext } = (await manage(backend, '/v1/mgmt/accesskey/create', body)).body
      const data = succeeded(await sdk.exchangeAccessKey(String(cleartext)))
      text(data, 'keyId')
      text(data, 'sessionJwt')
    },
  },
  {
    title: 'logout, after which the refresh token is refused',
    live: true,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      succeeded(await sdk.logout(refreshJwt))
      refused(await sdk.refresh(refreshJwt), 'E064001')
    },
  },
  {
    title: 'logoutAll, which ends the other sessions too',
    live: true,
    run: async (sdk, backend, testUser) => {
      const one = await signIn(backend, testUser)
      const two = await signIn(backend, testUser)
      succeeded(await sdk.logoutAll(one.refreshJwt))
      refused(await sdk.refresh(two.refreshJwt), 'E064001')
    },
  },
]
