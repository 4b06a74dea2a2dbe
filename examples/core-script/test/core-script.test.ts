import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

test('a link pasted into a terminal signs in', async () => {
  await using emulator = await startEmulator()
  const script = spawn(
    process.execPath,
    ['--conditions=@linkpass/source', '--import', 'tsx', main, 'ada@example.com'],
    {
      env: {
        ...process.env,
        DESCOPE_PROJECT_ID: emulator.projectId,
        DESCOPE_BASE_URL: emulator.url,
      },
    },
  )
  const [output, errors] = [text(script.stdout), text(script.stderr)]
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com', timeoutMs: 20_000 })
  script.stdin.end(`${links[0]?.url}\n`)
  expect(await output).toMatch(/Signed in as U\w+ until \d{4}-/)
  expect(await errors).toBe('')
})
