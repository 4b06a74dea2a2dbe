import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '@linkpass/emulator'
import { Browser } from '@linkpass/testing/browser'
import { closedPort } from '@linkpass/testing'
import { expect, test } from 'vitest'

test('the app without a framework signs a user in on node:http', async () => {
  await using emulator = await startEmulator()
  const port = await closedPort()
  const app = spawn(
    process.execPath,
    ['--conditions=@linkpass/source', '--import', 'tsx', '../src/node.js'],
    {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: 'inherit',
      env: {
        ...process.env,
        PORT: String(port),
        DESCOPE_PROJECT_ID: emulator.projectId,
        DESCOPE_BASE_URL: emulator.url,
      },
    },
  )
  try {
    const origin = `http://localhost:${port}`
    const browser = new Browser(origin)
    const signedOut = () => browser.visit('/me').catch(() => undefined)
    await expect.poll(signedOut).toMatchObject({ status: 303 })
    const loginId = 'ada@example.test'
    await browser.visit('/auth/magic-link', { form: { loginId, returnTo: '/me' } })
    const { links } = await emulator.inbox.waitFor({ to: loginId })
    const link = new URL(links[0]?.url ?? '')
    expect(link.origin).toBe(origin)
    expect((await browser.visit(link.pathname + link.search)).location).toBe('/me')
    expect((await browser.visit('/me')).body).toMatch(/^\{"userId":"U/)
    expect((await browser.visit('/nowhere')).status).toBe(404)
    const headers = { 'content-type': 'application/json' }
    const big = JSON.stringify({ loginId: 'a'.repeat(1_000_000) })
    expect((await browser.visit('/auth/magic-link', { body: big, headers })).status).toBe(413)
    await browser.visit('/auth/logout', { form: {} })
    expect((await browser.visit('/me')).status).toBe(303)
  } finally {
    app.kill()
  }
})
