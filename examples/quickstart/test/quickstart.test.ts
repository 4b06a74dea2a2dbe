import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '@linkpass/emulator'
import { closedPort } from '@linkpass/testing'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))

test('the quickstart signs a user in without changes', async () => {
  await using emulator = await startEmulator()
  const port = await closedPort()
  const source = await readFile(new URL('../src/main.ts', import.meta.url), 'utf8')
  // Unchanged except for the port, which may be in use.
  const program = source.replaceAll('3000', String(port))
  const app = spawn(
    process.execPath,
    ['--conditions=@linkpass/source', '--import', 'tsx', '--input-type=module', '-e', program],
    {
      cwd: folder,
      env: {
        ...process.env,
        DESCOPE_PROJECT_ID: emulator.projectId,
        DESCOPE_BASE_URL: emulator.url,
      },
    },
  )
  let output = ''
  app.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  try {
    const appUrl = `http://localhost:${port}`
    await expect.poll(() => responds(`${appUrl}/me`)).toBe(true)
    await fetch(`${appUrl}/auth/magic-link`, {
      method: 'POST',
      body: new URLSearchParams({ loginId: 'ada@example.com' }),
    })
    const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
    const link = new URL(links[0]?.url ?? '')
    expect(link.origin).toBe(appUrl)
    // This program is not the browser that requested the link, so it must confirm with a POST.
    const signIn = await fetch(`${appUrl}/auth/verify`, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({
        t: link.searchParams.get('t') ?? '',
        state: link.pathname.split('/').at(-1) ?? '',
      }),
    })
    expect(signIn.status).toBe(200)
    const cookies = signIn.headers.getSetCookie().map((line) => line.split(';')[0])
    const me = await fetch(`${appUrl}/me`, { headers: { Cookie: cookies.join('; ') } })
    const { userId } = (await me.json()) as { userId: string }
    expect(userId).toMatch(/^U/)
    await expect.poll(() => output).toBe(`welcome ${userId}\n`)
  } finally {
    app.kill()
  }
})

test.each(['../src/main.ts', './own-app.test.ts'])('the README shows %s', async (path) => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(await readFile(new URL(path, import.meta.url), 'utf8'))
})

function responds(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  )
}
