import { createServer } from 'node:http'
import { createDescopeClient } from '@linkpass/core'
import { test } from '@linkpass/emulator/vitest'
import { listenOnFreePort } from '@linkpass/testing'
import { expect } from 'vitest'

test('a fault is one line', ({ emulator }) => {
  emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 3 })
  emulator.faults.add({ path: '/v2/keys/*', drop: 'before', times: 'always' })
  emulator.faults.add({ path: '/v1/auth/magiclink/verify', drop: 'after' })
  emulator.faults.add({ status: 429, retryAfterSeconds: 7, errorCode: 'E130429' })
  emulator.faults.add({ delayMs: 3000 })
  emulator.faults.add({ delivery: 'late', to: 'ada@example.com', lateBySeconds: 90 })
  expect(emulator.faults.list()).toHaveLength(6)
})

test('the scanner drill tells who redeemed a link', async ({ emulator }) => {
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  const app = createServer((_req, res) =>
    res.end('<form method="post"><button>Sign in</button></form>'),
  )
  const uri = `http://127.0.0.1:${await listenOnFreePort(app)}/verify`
  await client.magicLink.signUpOrIn.email('ada@example.test', uri)
  const mail = await emulator.inbox.waitFor({ to: 'ada@example.test' })
  const { outcome, safe, redeemedBy, visits } = await emulator.inbox.scan(mail.id)
  app.close()
  expect([outcome, safe, redeemedBy]).toEqual(['completed', true, null])
  expect(visits.length).toBeGreaterThan(0)
})
