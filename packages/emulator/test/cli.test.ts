import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleProgram } from '@linkpass/testing/bundle'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CliSettings, parseCommandLine } from '../src/cli/arguments.ts'
import { portNotice, startFromCli } from '../src/cli/start.ts'

describe('the command line', () => {
  it.each([
    [[], { action: 'start' }],
    [['start', '--port', '0'], { action: 'start', settings: { port: 0 } }],
    [['-p', '4600', '-q'], { settings: { port: 4600, quiet: true } }],
    [['--port=4600', '--json'], { settings: { port: 4600, json: true } }],
    [['--allow-host', 'a', '--allow-host', 'b'], { settings: { allowedHosts: ['a', 'b'] } }],
    [['--allow-origin', 'https://a.test'], { settings: { allowedOrigins: ['https://a.test'] } }],
    [['--tls', '--seed', 'seed.json'], { settings: { tls: true, seed: 'seed.json' } }],
    [['--ca-file', 'ca.pem'], { settings: { tls: true, caFile: 'ca.pem' } }],
    [
      ['exec', '--', 'npm', 'test', '--port'],
      { action: 'exec', command: 'npm', args: ['test', '--port'] },
    ],
    [
      ['check', '--base', '/auth/', '--page', '/me', '--', 'node', 'app.js'],
      { action: 'check', settings: { base: '/auth', page: '/me', timeoutSeconds: 120 } },
    ],
    [
      ['doctor', '--app-url', 'https://a.test', '--json'],
      { action: 'doctor', settings: { appUrl: 'https://a.test', json: true, timeoutSeconds: 10 } },
    ],
    [['--help'], { action: 'help' }],
    [['-v'], { action: 'version' }],
  ])('parses %j', (line, expected) => {
    expect(parseCommandLine(line)).toMatchObject(expected)
  })

  it.each([
    [['--prot', '1'], "Unknown option '--prot'. --help lists the options."],
    [['-x'], "Unknown option '-x'."],
    [['--port', 'http'], '--port must be a number'],
    [['--port', '70000'], '--port must be a number'],
    [['--port'], "Option '-p, --port <value>' argument missing. --help"],
    [['--port', '-1'], 'argument is ambiguous. --help'],
    [['--json=1'], "Option '--json' does not take an argument. --help"],
    [['--project-id', 'nope'], '--project-id must be'],
    [['exec'], 'exec needs a command'],
    [['check'], 'check needs a command, such as: npx @linkpass/emulator check -- node app.js'],
    [['check', '--timeout', 'long', '--', 'node'], '--timeout must be a number of seconds'],
    [['check', '--url', 'localhost:3000', '--', 'node'], '--url must be an http or https URL'],
    [['check', '--base', 'auth', '--', 'node'], '--base must be a path that begins with "/".'],
    [['exec', 'npm'], 'Put -- before the command: npx @linkpass/emulator exec -- npm'],
    [
      ['check', 'node', 'app.js'],
      'Put -- before the command: npx @linkpass/emulator check -- node',
    ],
    [['start', 'now'], 'Unexpected argument now.'],
    [['stop'], 'Unknown command stop: use start, exec, check or doctor.'],
    [['--', 'npm'], 'needs exec'],
  ])('rejects %j', (line, expected) => {
    const command = parseCommandLine(line)
    expect(command).toMatchObject({ action: 'usage-error' })
    expect(Object(command).message).toContain(expected)
  })
})

describe('the default port', () => {
  it('is replaced by the next free one if it is in use, with a message', async () => {
    const settings = Object(parseCommandLine([])).settings as CliSettings
    await using first = (await startFromCli(settings, {})).emulator
    await using second = (await startFromCli(settings, {})).emulator
    const port = Number(new URL(second.url).port)
    expect(port).toBeGreaterThan(Number(new URL(first.url).port))
    expect(portNotice(settings, second)).toBe(
      `Port 4500 is in use. The emulator uses port ${port} instead.`,
    )
    expect(portNotice({ ...settings, port }, second)).toBeUndefined()
  })
})

describe('the command', () => {
  let command: Awaited<ReturnType<typeof bundleProgram>>
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    command = await bundleProgram(new URL('../src/cli/main.ts', import.meta.url))
  })

  afterAll(() => command[Symbol.asyncDispose]())

  afterEach(() => {
    for (const child of running) child.kill('SIGKILL')
    running.clear()
  })

  interface Run {
    child: ChildProcess
    /** Resolves to all output once it matches the pattern. */
    printed: (pattern: RegExp) => Promise<string>
    ended: Promise<{ code: number | null; output: string }>
  }

  function run(first: string | Record<string, string>, ...others: string[]): Run {
    const [environment, line] =
      typeof first === 'string' ? [{}, [first, ...others]] : [first, others]
    const child = spawn(process.execPath, [command.file, ...line], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'test', NO_COLOR: '1', ...environment },
    })
    running.add(child)
    let output = ''
    const listeners = new Set<() => void>()
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        for (const listener of listeners) listener()
      })
    }
    const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, output }))
    })
    const printed = (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (pattern.test(output)) resolve(output)
        }
        listeners.add(check)
        check()
        void ended.then(() => reject(new Error(`The command ended with: ${output}`)))
      })
    return { child, printed, ended }
  }

  it('prints its addresses as one line of JSON with --json, and exits with 0 on SIGTERM', async () => {
    const { child, printed, ended } = run('--port', '0', '--json')
    const line: unknown = JSON.parse(await printed(/\}\n$/))
    expect(line).toEqual({
      url: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      inboxUrl: expect.stringMatching(/\/$/),
      projectId: expect.stringMatching(/^P/),
      managementKey: expect.any(String),
      pid: child.pid,
    })
    const health = await fetch(`${Object(line).url}/_emulator/health`)
    expect(await health.json()).toMatchObject({ ready: true, pid: child.pid })
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('prints its addresses and the environment without colour, and exits with 0 on SIGINT', async () => {
    const { child, printed, ended } = run('-p', '0')
    const output = await printed(/Ctrl\+C/)
    expect(output).toMatch(/api +http/)
    expect(output).toMatch(/DESCOPE_PROJECT_ID=P\w+\n +DESCOPE_BASE_URL=http/)
    // oxlint-disable-next-line no-control-regex -- the escape character is what must be absent
    expect(output).not.toMatch(/\u001B/)
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })

  it('runs a command with the environment of the emulator, and exits with its code', async () => {
    const script =
      'console.log(process.env.DESCOPE_BASE_URL, process.env.DESCOPE_BASE_URI); process.exit(7)'
    const { code, output } = await run('exec', '-p', '0', '--', process.execPath, '-e', script)
      .ended
    expect(code).toBe(7)
    expect(output).toMatch(/^(http:\/\/localhost:\d+) \1$/m)
  })

  it('exec prints the URL of the inbox on stderr, and nothing with --quiet', async () => {
    const command = ['--', process.execPath, '-e', '']
    const { output } = await run('exec', '-p', '0', ...command).ended
    expect(output).toMatch(/^inbox {2}http:\/\/localhost:\d+\/$/m)
    expect((await run('exec', '-p', '0', '-q', ...command).ended).output).toBe('')
  })

  it('serves https with --tls, which a Node process of exec trusts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'linkpass-test-'))
    const file = join(folder, 'ca.pem')
    const script = `
      const { DESCOPE_BASE_URL: url, DESCOPE_PROJECT_ID: id, NODE_EXTRA_CA_CERTS: ca } = process.env
      fetch(url + '/v2/keys/' + id).then((response) => console.log(response.status, url, ca))`
    const line = ['--ca-file', file, '--', process.execPath, '-e', script]
    const { code, output } = await run('exec', '-p', '0', '--tls', ...line).ended
    expect(output).toMatch(new RegExp(`^200 https://localhost:\\d+ ${file}$`, 'm'))
    expect(code).toBe(0)
    const others = await run(
      { NODE_EXTRA_CA_CERTS: file },
      'exec',
      '-p',
      '0',
      '--tls',
      ...line.slice(2),
    ).ended
    const [, added = ''] = /^200 \S+ (.+)$/m.exec(others.output) ?? []
    expect(added).not.toBe(file)
    expect(readFileSync(added, 'utf8')).toContain(readFileSync(file, 'utf8').trim())
  })

  it('names --ca-file where --tls has no folder that it may write to', async () => {
    const { code, output } = await run({ TMPDIR: '/none', TEMP: '/none' }, '-p', '0', '--tls').ended
    expect(output).toMatch(/^--tls: \/none cannot be written: .*\. Say with --ca-file where .*\.$/m)
    expect(code).toBe(1)
  })

  it('starts with the tenants, roles, users and settings of --seed', async () => {
    const seed = join(mkdtempSync(join(tmpdir(), 'linkpass-test-')), 'seed.json')
    const users = [{ loginId: 'ada@example.com', roles: ['editor'] }]
    const roles = [{ name: 'editor' }]
    const settings = { sessionLifetimeSeconds: 60 }
    // As some editors write it, with a byte order mark.
    writeFileSync(seed, `\ufeff${JSON.stringify({ users, roles, settings })}`)
    const { printed } = run('--port', '0', '--json', '--seed', seed)
    const { url, projectId } = JSON.parse(await printed(/\}\n$/)) as Record<string, string>
    const headers = { authorization: `Bearer ${projectId}` }
    const body = JSON.stringify({ loginId: 'ada@example.com' })
    const path = `${url}/v1/auth/magiclink/signin/email`
    expect((await fetch(path, { method: 'POST', headers, body })).status).toBe(200)
  })

  it.each([
    ['none.json', undefined, 'cannot be read: there is no such file.'],
    ['text.json', '{"users": ', 'is not JSON'],
    ['list.json', '[]', 'must be an object with tenants, roles and users.'],
    ['user.json', '{"users":[{"name":"Ada"}]}', 'seed.users.0.loginId must be text.'],
    [
      'role.json',
      '{"users":[{"loginId":"a","roles":["x"]}]}',
      'seed.users.0.roles must be roles of this seed, which has no "x".',
    ],
    [
      'tenant.json',
      '{"users":[{"loginId":"a","tenants":{"T9":{}}}]}',
      'seed.users.0.tenants.T9 must be a tenant of this seed.',
    ],
    [
      'twice.json',
      '{"users":[{"loginId":"+1 555 333 1234"},{"loginId":"+15553331234"}]}',
      'seed.users.1.loginId must be of one user only.',
    ],
    ['field.json', '{"user":[]}', 'Unrecognized key: "user".'],
    ['settings.json', '{"settings":{"linkLifetimeSeconds":0}}', 'linkLifetimeSeconds must be'],
  ])('names what is wrong with a seed file: %s', async (name, text, message) => {
    const seed = join(mkdtempSync(join(tmpdir(), 'linkpass-test-')), name)
    if (text !== undefined) writeFileSync(seed, text)
    const settings = Object(parseCommandLine(['-p', '0', '--seed', seed])).settings as CliSettings
    await expect(startFromCli(settings, {})).rejects.toThrow(message)
  })

  it('accepts hosts and origins of the environment too', async () => {
    const settings = Object(parseCommandLine(['-p', '0'])).settings as CliSettings
    const origin = 'https://app.example.com'
    const environment = {
      LINKPASS_EMULATOR_ALLOWED_HOSTS: 'emulator, other',
      LINKPASS_EMULATOR_ALLOWED_ORIGINS: origin,
    }
    await using emulator = (await startFromCli(settings, environment)).emulator
    const keys = await fetch(`${emulator.url}/v2/keys/${emulator.projectId}`, {
      headers: { origin },
    })
    expect(keys.headers.get('access-control-allow-origin')).toBe(origin)
  })

  it('exec passes signals on to the command, and exits with its code', async () => {
    const signals = ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const
    const script = `
      for (const signal of ${JSON.stringify(signals)}) process.on(signal, console.log)
      process.on('SIGTERM', () => process.exit(7))
      setInterval(() => {}, 1000)
      console.log('ready')`
    const { child, printed, ended } = run(
      'exec',
      ...['-p', '0', '--quiet', '--', process.execPath, '-e', script],
    )
    await printed(/ready/)
    for (const signal of signals) {
      child.kill(signal)
      await printed(new RegExp(signal))
    }
    child.kill('SIGTERM')
    expect((await ended).code).toBe(7)
  })

  it('exec exits with 128 and the number of the signal that ended the command', async () => {
    const script = "console.log('ready'); setInterval(() => {}, 1000)"
    const { child, printed, ended } = run(
      'exec',
      ...['-p', '0', '--quiet', '--', process.execPath, '-e', script],
    )
    await printed(/ready/)
    child.kill('SIGHUP')
    expect((await ended).code).toBe(129)
  })

  it.each([[['SIGHUP']], [['SIGHUP', 'SIGTERM']]] as const)(
    'check leaves no app behind after %j',
    async (signals) => {
      const file = join(mkdtempSync(join(tmpdir(), 'linkpass-test-')), 'pid')
      writeFileSync(file, '')
      const script = `
        process.on('SIGTERM', () => {})
        setInterval(() => {}, 1000)
        require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid))`
      const { child, ended } = run('check', '--', process.execPath, '-e', script)
      const read = () => Number(readFileSync(file, 'utf8'))
      await expect.poll(read, { timeout: 60_000 }).toBeGreaterThan(0)
      for (const signal of signals) child.kill(signal)
      expect((await ended).code).toBe(2)
      const isRunning = () => process.kill(read(), 0)
      await expect
        .poll(() =>
          Promise.resolve()
            .then(isRunning)
            .catch(() => false),
        )
        .toBe(false)
    },
  )

  it('exec exits with 126 if the command cannot be run', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'linkpass-test-')), 'not-executable')
    writeFileSync(file, 'text')
    const { code, output } = await run('exec', '-p', '0', '--', file).ended
    expect(code).toBe(126)
    expect(output).toContain('could not be started')
  })

  it('exits with 127 if the command does not exist', async () => {
    const { code, output } = await run('exec', '-p', '0', '--', 'no-such-command-anywhere').ended
    expect(code).toBe(127)
    expect(output).toContain('no-such-command-anywhere could not be started')
  })

  it('doctor exits with 1 at a problem, with its fix, and with 2 without its file', async () => {
    const environment = { DESCOPE_PROJECT_ID: 'nonsense', DESCOPE_BASE_URL: 'http://127.0.0.1:1' }
    const text = await run(environment, 'doctor').ended
    expect(text.code).toBe(1)
    expect(text.output).toMatch(/^PROBLEM +project-id .*\n +expected: .*\n +fix: /m)
    const json = await run(environment, 'doctor', '--json').ended
    expect(JSON.parse(json.output)).toMatchObject({
      exitCode: 1,
      findings: expect.arrayContaining([expect.objectContaining({ name: 'project-id' })]),
    })
    const missing = await run('doctor', '--env', '/no/such/file').ended
    expect(missing).toEqual({ code: 2, output: '--env: /no/such/file could not be read.\n' })
  })

  it('names the fix if the port is in use', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, output } = await run('--port', String(port)).ended
    server.close()
    expect(code).toBe(1)
    expect(output.trim()).toBe(
      `Port ${port} is in use. Use --port 0 for a free one, or stop the process that listens there.`,
    )
  })

  it('prints one line if NODE_ENV is production, and does not start', async () => {
    const { code, output } = await run({ NODE_ENV: 'production' }, '-p', '0').ended
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toEqual([
      'The emulator signs in any user, so it does not start with NODE_ENV=production. Use the real service in production.',
    ])
  })

  it('exits with 2 at an unknown flag', async () => {
    const { code, output } = await run('--prot', '1').ended
    expect(code).toBe(2)
    expect(output.trim()).toBe("Unknown option '--prot'. --help lists the options.")
  })
})
