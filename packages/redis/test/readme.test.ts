import { readFileSync } from 'node:fs'
import { startEmulator } from '@linkpass/emulator'
import { redisEngines, startRedis } from '@linkpass/testing'
import { expect, test, vi } from 'vitest'

const skipReason = redisEngines[0]?.skipReason

test('the README shows this example as it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const source = readFileSync(new URL('readme/client.ts', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``)
})

test.skipIf(skipReason)(
  'its example refuses a session that was ended on another instance',
  { meta: { skipReason } },
  async () => {
    await using server = await startRedis({ args: ['--appendonly', 'yes'] })
    await using emulator = await startEmulator()
    vi.stubEnv('REDIS_URL', server.url)
    vi.stubEnv('DESCOPE_PROJECT_ID', emulator.projectId)
    vi.stubEnv('DESCOPE_BASE_URL', emulator.url)
    const here = await import('./readme/client.ts')
    vi.resetModules()
    const there = await import('./readme/client.ts')
    const { sessionJwt, refreshJwt, userId } = await emulator.signIn('ada@example.test')
    await there.client.validateSession(sessionJwt)
    await here.client.revokeUser(userId)
    await expect(there.client.refreshSession(refreshJwt)).rejects.toThrow('revoked')
    expect(await server.command('KEYS', 'shop:*')).toContain('shop:')
    await here.close()
    await there.close()
  },
)
