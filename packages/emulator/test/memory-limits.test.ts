import { expect, it } from 'vitest'
import { completeLink, startSession } from '../src/world/links/apply-intent.ts'
import { deliver } from '../src/world/messages/deliver.ts'
import { composeMessage } from '../src/world/messages/message-text.ts'
import { defaultSettings } from '../src/world/settings.ts'
import { createWorld } from '../src/world/world.ts'
import { createWorlds } from '../src/world/worlds.ts'

const projectId = 'P2LocalLinkpassEmulator00000'

it('forgets the oldest of everything, so that 12,000 sign-ins leave a world small', () => {
  const world = createWorld(projectId, defaultSettings)
  const first = { tokenId: '', token: '', userId: '' }
  for (let i = 0; i < 12_000; i++) {
    const loginId = `p${i}@a.test`
    const link = world.state.links.issue({
      redirectUrl: 'http://localhost/',
      method: 'email',
      expiresAt: Infinity,
      intent: {
        type: 'login',
        loginId,
        verifies: [loginId],
        signUp: { email: loginId },
        amr: ['email'],
        stepUp: false,
        customClaims: undefined,
        tenant: undefined,
        revokeOtherSessions: false,
      },
    })
    deliver(world, {
      projectId,
      channel: 'email',
      to: loginId,
      kind: 'magic-link',
      purpose: 'sign-up',
      ...composeMessage('sign-up', [link], {}),
      options: {},
      links: [link],
    })
    const user = completeLink(world, link)
    if (typeof user === 'string') throw new Error(user)
    const { session } = startSession(world, user, link.intent, '127.0.0.1')
    world.journal.add({ at: 0, method: 'GET', path: '/', status: 200, durationMs: 0 })
    if (i === 0) {
      Object.assign(first, { tokenId: session.tokenId, token: link.token, userId: user.userId })
    }
  }
  expect([...world.state.users.all()]).toHaveLength(5000)
  expect(world.mailbox.list()).toHaveLength(500)
  expect(world.journal.list()).toHaveLength(500)
  // What is forgotten is refused, never let in.
  expect(world.state.sessions.present(first.tokenId, 0).standing).toBe('unknown')
  expect(world.state.links.byToken(first.token)).toBeUndefined()
  expect(world.state.users.byId(first.userId)).toBeUndefined()
  expect(world.state.users.byLoginId('p0@a.test')).toBeUndefined()
})

it('forgets the world that was named longest ago, and never the default one', () => {
  const worlds = createWorlds(projectId, defaultSettings)
  const id = (i: number): string => `P2${String(i).padStart(26, '0')}`
  const first = worlds.of(id(0))
  const kept = worlds.of(id(1))
  for (let i = 1; i <= 1000; i++) worlds.of(id(i))
  expect(worlds.all()).toHaveLength(1001)
  expect(worlds.of(id(1))).toBe(kept)
  expect(worlds.of(id(0))).not.toBe(first)
  expect(worlds.of(projectId)).toBe(worlds.default)
})
