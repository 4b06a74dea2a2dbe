import { ok } from 'node:assert/strict'
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
