import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startDemo } from '../src/demo.ts'
import { startOnFreePort } from '../src/free-port.ts'
import { type Listening, listenOnLoopback } from '../src/listen.ts'

const servers: Listening[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

test('a default port that is in use is replaced, with a message', async () => {
  const used = await keep(listenOnLoopback(0))
  const lines: string[] = []
  const wanted = { port: used.port, chosen: false, variable: 'PORT' }
  const other = await keep(startOnFreePort(wanted, (line) => lines.push(line), listenOnLoopback))
  expect(other.port).not.toBe(used.port)
  expect(lines).toEqual([expect.stringContaining(`Port ${used.port} is in use`)])
})

test('a chosen port that is in use is an error that names the fix', async () => {
  const used = await keep(listenOnLoopback(0))
  const start = startDemo({ PORT: String(used.port), EMULATOR_PORT: '0' }, () => {})
  await expect(start).rejects.toThrow(
    `Port ${used.port} is in use. Set PORT to another port, or to 0 for a free one.`,
  )
})

test('with a project id, the app uses that service and no emulator is started', async () => {
  const environment = { PORT: '0', DESCOPE_PROJECT_ID: 'P2abcdefghijklmnopqrstuvwxyz' }
  const demo = await startDemo(environment, () => {})
  try {
    expect(demo.emulator).toBeUndefined()
    const page = await (await fetch(`${demo.appUrl}/auth/sign-in`)).text()
    expect(page).toContain('Sign in')
    expect(page).not.toContain('inbox')
  } finally {
    await demo.close()
  }
})

test('it prints both URLs, and Ctrl+C stops it with code 0 and no error output', async () => {
  const child = startMain({ PORT: '0', EMULATOR_PORT: '0' })
  const errors = textOf(child.stderr)
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (line.includes('Ctrl+C')) break
  }
  expect(lines).toContainEqual(expect.stringMatching(/^app http:\/\/localhost:\d+$/))
  expect(lines).toContainEqual(expect.stringMatching(/^inbox http:\/\/localhost:\d+\/$/))

  const appUrl = lines.find((line) => line.startsWith('app '))?.slice(4) ?? ''
  expect((await fetch(`${appUrl}/auth/sign-in`)).status).toBe(200)
  // The terminal sends the signal, and npm forwards it.
  child.kill('SIGINT')
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await errors).toBe('')
})

test.each([
  [{ PORT: 'http' }, 'PORT must be a port from 1 to 65535, or 0 for a free one.\n'],
  [{ DESCOPE_PROJECT_ID: 'nonsense' }, /^projectId must be [^\n]+\n$/],
])('with %j it exits with code 1 and one sentence', async (environment, sentence) => {
  const child = startMain({ PORT: '0', EMULATOR_PORT: '0', ...environment })
  const errors = textOf(child.stderr)
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(await errors).toMatch(sentence)
})

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function startMain(environment: Record<string, string>): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--conditions=@linkpass/source', '--import', 'tsx', main], {
    env: { ...process.env, DESCOPE_PROJECT_ID: '', ...environment },
  })
}

async function keep(starting: Promise<Listening>): Promise<Listening> {
  const server = await starting
  servers.push(server)
  return server
}
