import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '@linkpass/emulator'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../packages/emulator/src/check/check.ts'
import { type CheckOptions, runChecks } from '../../packages/emulator/src/check/run-checks.ts'

const source = ['--conditions=@linkpass/source', '--import', 'tsx']

interface Run {
  readonly results: readonly CheckResult[]
  readonly failed: readonly string[]
  readonly notApplicable: readonly string[]
}

async function check(args: readonly string[], options: Partial<CheckOptions> = {}): Promise<Run> {
  await using emulator = await startEmulator()
  const results = await runChecks(emulator, {
    command: process.execPath,
    args,
    environment: {
      DESCOPE_PROJECT_ID: emulator.projectId,
      DESCOPE_BASE_URL: emulator.url,
      PORT: '0',
    },
    url: undefined,
    base: undefined,
    page: undefined,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onStart: () => undefined,
    onResult: () => undefined,
    ...options,
  })
  const withStatus = (wanted: CheckResult['status']): string[] =>
    results.filter(({ status }) => status === wanted).map(({ name }) => name)
  // No run may print a token: not in a request, a response, a note or a line of the app's output.
  expect(JSON.stringify(results)).not.toMatch(/eyJ[\w-]+\./)
  for (const message of emulator.inbox.list()) {
    for (const { token } of message.links) expect(JSON.stringify(results)).not.toContain(token)
  }
  expect(results.filter(({ status }) => status === 'error')).toEqual([])
  return { results, failed: withStatus('failed'), notApplicable: withStatus('not-applicable') }
}

const app = (name: string): string => fileURLToPath(new URL(`apps/${name}`, import.meta.url))

/** The one problem of the check that failed. */
function problemOf({ results }: Run): { problem?: string; request?: string; response?: string } {
  return results.find(({ status }) => status === 'failed')?.problems[0] ?? {}
}

describe.concurrent('check', { timeout: 60_000 }, () => {
  test('finds no fault in the demo', async () => {
    const run = await check([...source, 'examples/demo/src/main.ts'])
    expect(run).toMatchObject({ failed: [], notApplicable: [] })
    expect(run.results).toHaveLength(14)
  })

  test('finds no fault in the quickstart, which does not say where it listens', async () => {
    const port = await freePort()
    const program = await readFile('examples/quickstart/src/main.ts', 'utf8')
    const args = [...source, '--input-type=module', '-e', program.replaceAll('3000', String(port))]
    const run = await check(args, { url: `http://localhost:${port}` })
    expect(run).toMatchObject({ failed: [], notApplicable: [] })
  })

  test.each([
    ['redeems-on-get.mjs', 'scanner-safety', /^A HEAD request used up the link/, 'HEAD /verify'],
    ['no-secure.mjs', 'cookie-flags', /^DS is not Secure/, undefined],
    ['signs-out-in-an-outage.mjs', 'service-outage', /gets 401 and not 503/, 'GET /account'],
    ['refresh-per-request.mjs', 'one-refresh', /8 requests .* caused 8 refreshes/, 'GET /account'],
    ['open-redirect.mjs', 'open-redirect', /"\/\/attacker\.example\/" led/, 'POST /verify'],
    ['link-from-host.mjs', 'link-origin', /"Host: attacker\.example" made the link/, 'POST /login'],
  ])('names the fault of %s, and nothing else', async (file, name, problem, request) => {
    const run = await check([app(file)])
    expect(run).toMatchObject({ failed: [name], notApplicable: [] })
    expect(problemOf(run).problem).toMatch(problem)
    expect(problemOf(run).request?.slice(0, request?.length)).toBe(request)
  })

  test.each([
    [
      'token-in-a-log-line.mjs',
      'log-secrets',
      /one-time token\. The line, .*\?t=\[one-time token\]/,
    ],
    ['cached-page.mjs', 'caching', /^Cache-Control: public, max-age=60 lets/],
  ])('names the fault of %s, and nothing else', async (file, name, problem) => {
    const run = await check([...source, app(file)])
    expect(run).toMatchObject({ failed: [name], notApplicable: [] })
    expect(problemOf(run).problem).toMatch(problem)
  })

  test('reports of an app by the README of @descope/node-sdk what its reader would', async () => {
    const run = await check([app('as-documented.mjs')])
    expect(run).toMatchObject({
      // A GET redeems; no Cache-Control; every request refreshes; an outage is 401.
      failed: ['scanner-safety', 'caching', 'one-refresh', 'service-outage'],
      notApplicable: [],
    })
  })

  test.each([
    [
      'ends',
      ['-e', 'console.error("no database"); process.exit(3)'],
      /ended with code 3.*no database/s,
    ],
    [
      'does not listen',
      ['-e', 'setInterval(() => {}, 1000)'],
      /did not listen within 2 s\. Use --url/,
    ],
    ['has no sign-in', ['-e', silentServer()], /No route .* did not call the emulator/],
  ])('says why it cannot check an app that %s', async (_, args, message) => {
    await expect(check(args, { timeoutMs: 2000 })).rejects.toThrow(message)
  })
})

function silentServer(): string {
  return `require('http').createServer((_, res) => res.writeHead(404).end())
    .listen(0, function () { console.log('on http://localhost:' + this.address().port) })`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port was bound.')
  return address.port
}
