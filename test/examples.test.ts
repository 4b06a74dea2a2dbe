import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test.each([
  ['bearer-api', 401, '{"error":"unauthorized"}'],
  ['behind-proxy', 200, 'Sign in'],
  ['enchanted', 200, 'Email me a link'],
  ['own-callback-path', 401, '{"error":"unauthorized"}'],
  ['own-pages', 200, '<h1>Hello</h1>'],
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
  const inboxUrl = lines.find((line) => line.startsWith('inbox '))?.slice(6) ?? ''
  expect((await fetch(inboxUrl)).status).toBe(200)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await complaints).toBe('')
})

test('npm run example, without a name, says which there are', async () => {
  const child = startExample('')
  const complaints = textOf(child.stderr)
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(await complaints).toMatch(/^Give the name of an example: bearer-api, [a-z, -]+\n$/)
})

function startExample(name: string): ChildProcessWithoutNullStreams {
  const main = fileURLToPath(new URL('../examples/start.ts', import.meta.url))
  const args = ['--conditions=@linkpass/source', '--import', 'tsx', main, name]
  return spawn(process.execPath, args, { env: { ...process.env, PORT: '0' } })
}
