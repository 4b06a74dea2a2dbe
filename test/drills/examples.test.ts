import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Browser } from '@linkpass/testing/browser'
import { expect, test, vi } from 'vitest'
import { listenOnLoopback } from '../../examples/demo/src/listen.ts'

test.each([
  ['bearer-api', 401, '{"error":"unauthorized"}'],
  ['behind-proxy', 401, '{"error":"unauthorized"}'],
  ['enchanted', 401, '{"error":"unauthorized"}'],
  ['events', 401, '{"error":"unauthorized"}'],
  ['fastify', 401, '{"error":"unauthorized"}'],
  ['guards', 401, '{"error":"unauthorized"}'],
  ['hono', 401, '{"error":"unauthorized"}'],
  ['lambda', 401, '{"error":"unauthorized"}'],
  ['own-callback-path', 401, '{"error":"unauthorized"}'],
  ['own-pages', 200, '<h1>Hello</h1>'],
  ['own-session', 200, '<h1>Hello</h1>'],
  ['spa', 200, 'Front end'],
  ['sub-path', 401, '{"error":"unauthorized"}'],
  ['tenants', 401, '{"error":"unauthorized"}'],
  ['websocket', 401, '{"error":"unauthorized"}'],
])('npm run example %s: a page at the address it prints, and a clean end', async (...row) => {
  const [name, status, text] = row
  const child = startExample(name)
  const complaints = textOf(child.stderr)
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (line.includes('Ctrl+C')) break
  }
  const appUrl = lines.find((line) => line.startsWith('app '))?.slice(4) ?? ''
  const answer = await fetch(appUrl, { headers: { accept: '*/*' } })
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)])
  // A page that needs a user leads to one where they can sign in.
  const { origin, pathname } = new URL(appUrl)
  const page = await new Browser(origin).open(pathname)
  if (name !== 'bearer-api') {
    expect([page.status, page.body]).toEqual([200, expect.stringMatching(/<form|Front end/)])
  }
  const inboxUrl = lines.find((line) => line.startsWith('inbox '))?.slice(6) ?? ''
  expect((await fetch(inboxUrl)).status).toBe(200)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await complaints).toBe('')
})

test('U25: the hint of bearer-api is a request that works', async () => {
  const child = startExample('bearer-api')
  for await (const line of createInterface(child.stdout)) {
    const [, token, url = ''] = /Authorization: (Bearer \S+)" (\S+)/.exec(line) ?? []
    if (token === undefined) continue
    const response = await fetch(url, { headers: { authorization: token } })
    expect([response.status, await response.json()]).toEqual([200, { userId: expect.any(String) }])
    break
  }
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test.each([
  ['demo', /^app http/],
  ['core-script', /^Paste the link/],
  ['fetch', /^app http/],
])('U25: npm run example %s starts by name', async (name, text) => {
  const child = startExample(name)
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (text.test(line)) break
  }
  expect(lines.at(-1)).toMatch(text)
  child.kill('SIGKILL')
  await once(child, 'exit')
})

test('npm run example fetch, with PORT=0, prints the address of its page', async () => {
  const child = startExample('fetch')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (line.startsWith('app ')) break
  }
  const appUrl = lines.at(-1)?.slice('app '.length) ?? ''
  // The address is printed before the app listens on it.
  const answer = await vi.waitFor(() => fetch(appUrl), 60_000)
  expect([answer.status, await answer.json()]).toEqual([401, { error: 'unauthorized' }])
  child.kill('SIGKILL')
  await once(child, 'exit')
})

test.each(['fetch', 'hono'])(
  'npm run example %s, on a PORT that is in use, says so in one line',
  async (name) => {
    const taken = await listenOnLoopback(0)
    const child = startExample(name, [], `${taken.port}`)
    const complaints = textOf(child.stderr)
    child.stdout.resume()
    expect(await once(child, 'exit')).toEqual([1, null])
    expect(await complaints).toBe(
      `Port ${taken.port} is in use. Set PORT to another port, or to 0 for a free one.\n`,
    )
    await taken.close()
  },
)

test('npm run example quickstart, with its port in use, says so in one line', async () => {
  const taken = await listenOnLoopback(3000).catch(() => undefined)
  const child = startExample('quickstart')
  const complaints = textOf(child.stderr)
  child.stdout.resume()
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(await complaints).toMatch(/^Port 3000 is in use\. End the program that uses it[^\n]*\n$/)
  await taken?.close()
})

test('U25: npm run example core-script, without an address, asks for one', async () => {
  const child = startExample('core-script', [])
  const complaints = textOf(child.stderr)
  child.stdout.resume()
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(await complaints).toContain('Give the address')
})

test('npm run example, without a name, says which there are', async () => {
  const child = startExample('')
  const complaints = textOf(child.stderr)
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(await complaints).toMatch(/^Give the name of an example: bearer-api, [a-z, -]+\n$/)
})

function startExample(
  name: string,
  more: readonly string[] = ['ada@example.com'],
  port = '0',
): ChildProcessWithoutNullStreams {
  const main = fileURLToPath(new URL('../../examples/start.ts', import.meta.url))
  const args = ['--conditions=@linkpass/source', '--import', 'tsx', main, name, ...more]
  return spawn(process.execPath, args, { env: { ...process.env, PORT: port, EMULATOR_PORT: '0' } })
}
