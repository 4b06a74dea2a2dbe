import { deepEqual, equal, ok } from 'node:assert/strict'
import { createTestUser, text } from '../test-users.ts'
import { type Case, refused, succeeded } from './case.ts'

/** The management calls that tests need; only one SDK has them. */
export const managementCases: readonly Case[] = [
  {
    title: 'management.user: test users, generated and embedded links',
    live: true,
    applies: ({ management }) => management !== undefined,
    run: async ({ management, magicLink }, backend) => {
      ok(management)
      const loginId = backend.newLoginId()
      const { user } = management
      succeeded(await user.createTestUser(loginId, { email: loginId }))
      const magic = await user.generateMagicLinkForTestUser('email', loginId, backend.redirectUrl)
      const token = new URL(text(succeeded(magic), 'link')).searchParams.get('t') ?? ''
      succeeded(await magicLink.verify(token))
      const { redirectUrl } = backend
      const enchanted = await user.generateEnchantedLinkForTestUser(loginId, redirectUrl)
      text(succeeded(enchanted), 'pendingRef')
      const embedded = text(succeeded(await user.generateEmbeddedLink(loginId)), 'token')
      succeeded(await magicLink.verify(embedded))
      succeeded(await user.logoutUser(loginId))
      succeeded(await user.delete(loginId))
    },
  },
  {
    title: 'management.user: load, search, update, patch, status, roles, tenants, history, batch',
    live: false,
    applies: ({ management }) => management !== undefined,
    run: async ({ management }, backend) => {
      ok(management)
      const { user } = management
      const loginId = backend.newLoginId()
      const created = succeeded(await user.create(loginId, { displayName: 'Ada' }))
      const userId = text(created, 'userId')
      equal(text(succeeded(await user.load(loginId)), 'userId'), userId)
      equal(text(succeeded(await user.loadByUserId(userId)), 'userId'), userId)
      const found = succeeded(await user.search({ loginIds: [loginId] }))
      equal(Object(found).total, 1)
      succeeded(await user.update(loginId, { email: loginId, displayName: 'Countess' }))
      const patched = succeeded(await user.patch(loginId, { givenName: 'Augusta' }))
      equal(text(patched, 'name'), 'Countess')
      equal(text(succeeded(await user.deactivate(loginId)), 'status'), 'disabled')
      equal(text(succeeded(await user.activate(loginId)), 'status'), 'enabled')
      deepEqual(Object(succeeded(await user.addRoles(loginId, ['editor']))).roleNames, ['editor'])
      succeeded(await user.addTenant(loginId, 'T-engines'))
      succeeded(await user.setTenantRoles(loginId, 'T-engines', ['owner']))
      deepEqual(succeeded(await user.history([userId])), [])
      const batch = succeeded(await user.createBatch([{ loginId: backend.newLoginId() }]))
      equal(Object(batch).createdUsers.length, 1)
      succeeded(await user.deleteByUserId(userId))
      refused(await user.load(loginId), 'E112102')
    },
  },
  {
    title: 'management: roles, permissions, tenants, access keys, sessions, jwt.update',
    live: false,
    applies: ({ management }) => management !== undefined,
    run: async ({ management, exchangeAccessKey }, backend) => {
      ok(management)
      const { permission, role, tenant, accessKey, jwt } = management
      const [name] = backend.newLoginId().split('@')
      ok(name)
      succeeded(await permission.create(name))
      succeeded(await role.create(name, 'Edits', [name]))
      ok(Object(succeeded(await role.loadAll())).length > 0)
      const tenantId = text(succeeded(await tenant.create('Engines')), 'id')
      equal(text(succeeded(await tenant.load(tenantId)), 'name'), 'Engines')
      const key = succeeded(await accessKey.create('ci', 0, [name]))
      const id = text(Object(key).key, 'id')
      equal(text(succeeded(await accessKey.load(id)), 'name'), 'ci')
      succeeded(await accessKey.deactivate(id))
      refused(await exchangeAccessKey(text(key, 'cleartext')), 'E062803')
      succeeded(await accessKey.delete(id))
      const loginId = backend.newLoginId()
      const session = succeeded(await jwt.signUpOrIn(loginId))
      const updated = await jwt.update(text(session, 'sessionJwt'), { plan: 'pro' })
      text(succeeded(updated), 'jwt')
      succeeded(await jwt.signIn(loginId))
      succeeded(await tenant.delete(tenantId))
      succeeded(await role.delete(name))
      succeeded(await permission.delete(name))
      succeeded(await management.user.delete(loginId))
    },
  },
  {
    title: 'management: sign-up embedded links, access keys, tenants, deleting all test users',
    live: false,
    applies: ({ management }) => management !== undefined,
    run: async ({ management, magicLink }, backend) => {
      ok(management)
      const loginId = backend.newLoginId()
      const embedded = await management.user.generateSignUpEmbeddedLink(loginId, { name: 'Ada' })
      succeeded(await magicLink.verify(text(succeeded(embedded), 'token')))
      succeeded(await management.user.create(backend.newLoginId(), { displayName: 'Grace' }))
      text(succeeded(await management.accessKey.create('ci', 0)), 'cleartext')
      text(succeeded(await management.tenant.create('Engines')), 'id')
      const testUser = await createTestUser(backend)
      succeeded(await management.user.deleteAllTestUsers())
      refused(await magicLink.signIn.email(testUser.loginId, backend.redirectUrl), 'E062108')
    },
  },
]
