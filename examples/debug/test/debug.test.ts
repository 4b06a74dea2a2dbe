import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'

test('what happens at a call is printed, without tokens and addresses', async () => {
  const printed: unknown[][] = []
  const { error } = console
  console.error = (...parts: unknown[]) => printed.push(parts)
  const program: string = '../src/debug.mjs'
  await import(program)
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  await client.magicLink.signUpOrIn.email('ada@example.test')
  console.error = error
  const call = { requestId: 1, endpoint: 'magicLink.signUpOrIn.email', attempt: 1 }
  const end = { ...call, status: 200, durationMs: expect.any(Number) }
  expect(printed).toEqual([
    ['linkpass:request:start', call],
    ['linkpass:request:end', end],
  ])
})
