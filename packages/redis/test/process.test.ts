import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { redisEngines, startRedis } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'

const skipReason = redisEngines[0]?.skipReason
const program = fileURLToPath(new URL('process/subscriber.ts', import.meta.url))

describe.skipIf(skipReason)('a process', { meta: { skipReason } }, () => {
  test.each(['redis', 'ioredis'])(
    'ends with its client of %s while Redis is away, although no one closes the store',
    async (name) => {
      await using server = await startRedis()
      const args = ['--conditions=@linkpass/source', '--import', 'tsx', program]
      const child = spawn(process.execPath, [...args, name, String(server.port)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      try {
        const exited = once(child, 'exit')
        await once(child.stdout, 'data')
        await server.stop()
        expect(await exited).toEqual([0, null])
      } finally {
        child.kill()
      }
    },
  )
})
