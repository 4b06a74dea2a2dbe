import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { closedPort } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../packages/emulator/src/check/check.ts'
import {
  type CheckOptions,
  type CheckedApp,
  runChecks,
} from '../../packages/emulator/src/check/run-checks.ts'

const source = ['--conditions=@linkpass/source', '--import', 'tsx']

interface Run {
  readonly results: readonly CheckResult[]
  readonly errors: readonly string[]
  readonly failed: readonly string[]
  readonly notApplicable: readonly string[]
}

function optionsFor(emulator: Emulator, args: readonly string[]): CheckOptions {
  return {
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
  }
}

async function check(args: readonly string[], options: Partial<CheckOptions> = {}): Promise<Run> {
  await using emulator = await startEmulator()
  let found: CheckedApp | undefined
  const results = await runChecks(emulator, {
    ...optionsFor(emulator, args),
    onStart: (checked) => (found = checked),
    ...options,
  })
  const withStatus = (wanted: CheckResult['status']): string[] =>
    results.filter(({ status }) => status === wanted).map(({ name }) => name)
  // No run may print a token: not in a request, a response, a note or a line of the app's output.
  expect(JSON.stringify([results, found])).not.toMatch(/eyJ[\w-]+\./)
  for (const message of emulator.inbox.list()) {
    for (const { token } of message.links) expect(JSON.stringify(results)).not.toContain(token)
  }
  return {
    results,
    errors: withStatus('error'),
    failed: withStatus('failed'),
    notApplicable: withStatus('not-applicable'),
  }
}

const app = (name: string): string => fileURLToPath(new URL(`apps/${name}`, import.meta.url))

/** The one problem of the check that failed. */
function problemOf({ results }: Run): { problem?: string; request?: string; response?: string } {
  return results.find(({ status }) => status === 'failed')?.problems[0] ?? {}
}

describe.concurrent('check', () => {
  test('finds no fault in the demo', async () => {
    const run = await check([...source, 'examples/demo/src/main.ts'])
    expect(run).toMatchObject({ errors: [], failed: [], notApplicable: [] })
    expect(run.results).toHaveLength(15)
  })

  test('finds no fault in the quickstart, which does not say where it listens', async () => {
    const port = await closedPort()
    const program = await readFile('examples/quickstart/src/main.ts', 'utf8')
    const args = [...source, '--input-type=module', '-e', program.replaceAll('3000', String(port))]
    const run = await check(args, { url: `http://localhost:${port}` })
    expect(run).toMatchObject({ errors: [], failed: [], notApplicable: [] })
  })

  test.each([
    ['redeems-on-get.mjs', 'scanner-safety', /^A HEAD request used up the link/, 'HEAD /verify'],
    ['no-secure.mjs', 'cookie-flags', /^DS is not Secure/, undefined],
    ['signs-out-in-an-outage.mjs', 'service-outage', /gets 401 and not 503/, 'GET /account'],
    ['refresh-per-request.mjs', 'one-refresh', /8 requests .* caused 8 refreshes/, 'GET /account'],
    ['open-redirect.mjs', 'open-redirect', /"\/\/attacker\.example\/" led/, 'POST /verify'],
    ['link-from-host.mjs', 'link-origin', /"Host: attacker\.example" made the link/, 'POST /login'],
    ['token-in-a-redirect.mjs', 'token-in-url', /redirect has the session token/, 'POST /verify'],
    ['token-in-the-referer.mjs', 'token-in-url', /to other sites as Referer/, 'GET /verify'],
    [
      'approves-by-mail.mjs',
      'second-browser',
      /browser that asked .* is signed in/,
      'POST /verify',
    ],
  ])('names the fault of %s, and nothing else', async (file, name, problem, request) => {
    const run = await check([app(file)])
    expect(run).toMatchObject({ errors: [], failed: [name], notApplicable: [] })
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
    expect(run).toMatchObject({ errors: [], failed: [name], notApplicable: [] })
    expect(problemOf(run).problem).toMatch(problem)
  })

  test('names the check in which the app crashed, and what could not run after it', async () => {
    const run = await check([app('crashes-in-an-outage.mjs')])
    expect(run).toMatchObject({ failed: ['service-outage'], errors: ['key-rotation'] })
    expect(problemOf(run).problem).toMatch(/The app ended with code 1 during .*service is away/s)
  })

  test('names several faults of one app', async () => {
    const run = await check([app('many-faults.mjs')])
    expect(run).toMatchObject({
      errors: [],
      failed: ['used-link', 'cross-site', 'logout', 'key-rotation'],
      notApplicable: [],
    })
    const problems = run.results.flatMap((result) => result.problems.map(({ problem }) => problem))
    expect(problems).toEqual([
      'A used link signed in once more.',
      'A form on another site made the app send a link.',
      'A form on another site signed a browser in, with a link of the attacker.',
      'A form on another site signed the user out.',
      expect.stringContaining('the refresh token still works at the service'),
      'After the service got a new key, a new sign-in does not get in.',
    ])
  })

  test('names tokens that are read and not verified; what needs a refresh is not applicable', async () => {
    const run = await check([app('trusts-tokens.mjs')])
    expect(run).toMatchObject({ errors: [], failed: ['expiry'], notApplicable: ['one-refresh'] })
    const found = run.results.find(({ name }) => name === 'expiry')?.problems ?? []
    expect(found.map(({ problem }) => problem)).toEqual([
      'An expired session without a refresh token gets in.',
      'An expired session whose refresh token was revoked gets in.',
      'A session token with a forged signature gets in.',
    ])
  })

  test('checks an app with sessions of its own, whose page shows everyone who they are', async () => {
    const run = await check([app('own-session.mjs')])
    expect(run).toMatchObject({ errors: [], failed: [], notApplicable: ['expiry', 'one-refresh'] })
    expect(run.results.flatMap(({ notes }) => notes)).toContain(
      'The app signs out on GET, so a link on any site signs users out.',
    )
  })

  test('names a session that outlives its sign-out, in an app with sessions of its own', async () => {
    const run = await check([app('session-outlives-sign-out.mjs')])
    expect(run).toMatchObject({ errors: [], failed: ['logout'] })
    expect(problemOf(run).problem).toMatch(/a copy of the session cookie still gets in/)
  })

  test('says of a check whose links an app limits that it could not run', async () => {
    const run = await check([app('few-links.mjs')])
    expect(run).toMatchObject({
      failed: [],
      errors: ['open-redirect', 'cross-site', 'logout', 'key-rotation'],
    })
    const limited = run.results.find(({ status }) => status === 'error')
    expect(limited?.reason).toMatch(/was 429\. Raise the limits of the app for this run/)
  })

  test('finds the routes of an app in another language', async () => {
    const run = await check([app('in-german.mjs')])
    expect(run).toMatchObject({ errors: [], failed: [], notApplicable: [] })
  })

  test('checks an API that takes JSON alone, below the path that it prints', async () => {
    const run = await check([app('json-api.mjs')])
    expect(run).toMatchObject({ errors: [], failed: ['logout'], notApplicable: ['one-refresh'] })
    expect(problemOf(run).problem).toMatch(/^After signing out, the refresh token still works/)
  })

  test('finds the routes of an app below a path, in the path or above it', async () => {
    const args = [...source, app('below-a-path.mjs'), 'kept']
    let found: CheckedApp | undefined
    const run = await check(args, { onStart: (checked) => (found = checked) })
    expect(run).toMatchObject({ errors: [], failed: [], notApplicable: [] })
    expect(found).toMatchObject({
      ...{ signIn: 'POST /portal/auth/magic-link', logout: 'POST /portal/auth/logout' },
      page: '/portal/me',
    })
  })

  test('says of a link with a path that a proxy would take off what to do', async () => {
    await expect(check([...source, app('below-a-path.mjs'), 'taken-off'])).rejects.toThrow(
      /^The link did not sign in: GET \/portal\/auth\/verify\/.* responded 404\..* If a proxy takes/,
    )
  })

  test('ends when it is told to, and says so of every check that did not run', async () => {
    const ended = new AbortController()
    await using emulator = await startEmulator()
    const results = await runChecks(emulator, {
      ...optionsFor(emulator, [app('app.js')]),
      signal: ended.signal,
      onResult: () => ended.abort(),
    })
    expect(results.map(({ status, reason }) => reason ?? status)).toEqual([
      'held',
      ...Array.from({ length: 14 }, () => 'The run was ended.'),
    ])
  })

  test('says that it was ended where the app does not listen yet', async () => {
    const signal = AbortSignal.timeout(500)
    const args = ['-e', 'setInterval(() => {}, 1000)']
    await expect(check(args, { signal })).rejects.toThrow(/^The run was ended\.$/)
  })

  test('reports of an app by the README of @descope/node-sdk what its reader would', async () => {
    const run = await check([app('as-documented.mjs')])
    expect(run).toMatchObject({
      errors: [],
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
      60_000,
    ],
    [
      'does not listen',
      ['-e', 'setInterval(() => {}, 1000)'],
      /was not found to listen within 2 s\. Use --url/,
      2000,
    ],
    [
      'has no sign-in',
      ['-e', silentServer('on http://localhost:')],
      /No route .* did not call the emulator/,
      60_000,
    ],
  ])('says why it cannot check an app that %s', async (_, args, message, timeoutMs) => {
    await expect(check(args, { timeoutMs })).rejects.toThrow(message)
  })

  test('finds an app that listens on ::1 alone', async () => {
    const args = ['-e', silentServer('on http://localhost:', '::1')]
    await expect(check(args, { timeoutMs: 10_000 })).rejects.toThrow(/No route/)
  })

  test.each([
    'Listening on ',
    'Server is running on: ',
    'Running on 127.0.0.1:',
    'ready - started server on 0.0.0.0:',
    'Serving at [::]:',
    'port=',
  ])('finds an app that prints "%s" and its port', async (line) => {
    await expect(check(['-e', silentServer(line)], { timeoutMs: 10_000 })).rejects.toThrow(
      /No route .* did not call the emulator/,
    )
  })
})

/** A server without routes, and how it says where it listens. */
function silentServer(line: string, host = ''): string {
  return `require('http').createServer((_, res) => res.writeHead(404).end())
    .listen(0, '${host}', function () { console.log('${line}' + this.address().port) })`
}
