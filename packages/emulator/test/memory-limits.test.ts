import { expect, it } from 'vitest'
import { applyIntent } from '../src/world/links/apply-intent.ts'
import { startSession } from '../src/world/sessions/start-session.ts'
import { deliver } from '../src/world/messages/deliver.ts'
import { composeMessage } from '../src/world/messages/message-text.ts'
import { defaultSettings } from '../src/world/settings.ts'
import { createWorld } from '../src/world/world.ts'
import { createWorlds } from '../src/world/worlds.ts'
import { startEmulator } from '../src/start-emulator.ts'

const projectId = 'P2LocalLinkpassEmulator00000'

it('drops the oldest entries, so that 12,000 sign-ins do not make a world grow', () => {
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
    const user = applyIntent(world, link.intent)
    if (typeof user === 'string') throw new Error(user)
    const { session } = startSession(world, user, link.intent, '127.0.0.1')
    world.requestLog.add({ at: 0, method: 'GET', path: '/', status: 200, durationMs: 0 })
    if (i === 0) {
      Object.assign(first, { tokenId: session.tokenId, token: link.token, userId: user.userId })
    }
  }
  expect([...world.state.users.all()]).toHaveLength(5000)
  expect(world.mailbox.list()).toHaveLength(500)
  expect(world.requestLog.list()).toHaveLength(500)
  // A dropped entry is rejected, never accepted.
  expect(world.state.sessions.find(first.tokenId, 0).status).toBe('unknown')
  expect(world.state.links.byToken(first.token)).toBeUndefined()
  expect(world.state.users.byId(first.userId)).toBeUndefined()
  expect(world.state.users.byLoginId('p0@a.test')).toBeUndefined()
})

it('drops the least recently used world, and never the default one', () => {
  const worlds = createWorlds(projectId, defaultSettings, undefined)
  const id = (i: number): string => `P2${String(i).padStart(26, '0')}`
  const first = worlds.of(id(0))
  const kept = worlds.of(id(1))
  for (let i = 1; i <= 1000; i++) worlds.of(id(i))
  expect(worlds.all()).toHaveLength(1001)
  expect(worlds.of(id(1))).toBe(kept)
  expect(worlds.of(id(0))).not.toBe(first)
  expect(worlds.of(projectId)).toBe(worlds.default)
})

it('ends what waits in a world that it drops, with the reason', async () => {
  await using emulator = await startEmulator()
  const id = (i: number): string => `P2${String(i).padStart(26, '0')}`
  const why = `The emulator dropped ${id(0)}: it keeps 1000 projects.`
  const refused = expect(emulator.world(id(0)).inbox.waitFor()).rejects.toThrow(why)
  const replies: Response[] = []
  void fetch(`${emulator.url}/_emulator/messages/wait?project=${id(0)}`).then((reply) =>
    replies.push(reply),
  )
  // Until the request that waits has arrived, too.
  while (replies.length === 0) {
    for (let i = 1; i <= 1000; i++) emulator.world(id(i))
    await fetch(`${emulator.url}/_emulator/health`)
  }
  await refused
  expect([replies[0]?.status, await replies[0]?.json()]).toEqual([410, { error: why }])
})
