import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type CliSettings, editDistance, parseCommandLine } from '../src/cli/arguments.ts'
import { movedNotice, startFromCli } from '../src/cli/start.ts'

describe('the command line', () => {
  it.each([
    [[], { action: 'start' }],
    [['start', '--port', '0'], { action: 'start', settings: { port: 0 } }],
    [['-p', '4600', '-q'], { settings: { port: 4600, quiet: true } }],
    [['--port=4600', '--json'], { settings: { port: 4600, json: true } }],
    [['--allow-host', 'a', '--allow-host', 'b'], { settings: { allowedHosts: ['a', 'b'] } }],
    [
      ['exec', '--', 'npm', 'test', '--port'],
      { action: 'exec', command: 'npm', args: ['test', '--port'] },
    ],
    [['--help'], { action: 'help' }],
    [['-v'], { action: 'version' }],
  ])('reads %j', (line, expected) => {
    expect(parseCommandLine(line)).toMatchObject(expected)
  })

  it.each([
    [['--prot', '1'], 'Did you mean --port?'],
    [['--jsno'], 'Did you mean --json?'],
    [['--colour'], 'There is no option --colour. See --help.'],
    [['-x'], 'There is no option -x.'],
    [['--port', 'http'], '--port needs a number'],
    [['--port', '70000'], '--port needs a number'],
    [['--port'], '--port'],
    [['--json=1'], '--json'],
    [['--project-id', 'nope'], '--project-id needs'],
    [['exec'], 'exec needs a command'],
    [['exec', 'npm'], 'Unexpected argument npm'],
    [['stop'], 'There is no command stop'],
    [['--', 'npm'], 'goes with exec'],
  ])('refuses %j', (line, expected) => {
    const request = parseCommandLine(line)
    expect(request).toMatchObject({ action: 'refuse' })
    expect(Object(request).problem).toContain(expected)
  })

  it.each([
    ['port', 'port', 0],
    ['prot', 'port', 2],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('counts the letters from %j to %j: %d', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected)
  })
})

describe('the default port', () => {
  it('moves on when it is taken, and says so', async () => {
    const settings = Object(parseCommandLine([])).settings as CliSettings
    await using first = await startFromCli(settings)
    await using second = await startFromCli(settings)
    const port = Number(new URL(second.url).port)
    expect(port).toBeGreaterThan(Number(new URL(first.url).port))
    expect(movedNotice(settings, second)).toBe(`Port 4500 is taken, so this one is on ${port}.`)
    expect(movedNotice({ ...settings, port }, second)).toBeUndefined()
  })
})

describe('the command', () => {
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const running = new Set<ChildProcess>()

  afterEach(() => {
    for (const child of running) child.kill('SIGKILL')
    running.clear()
  })

  interface Run {
    child: ChildProcess
    /** Resolves once something matching was printed, to all that was. */
    printed: (pattern: RegExp) => Promise<string>
    ended: Promise<{ code: number | null; output: string }>
  }

  function run(first: string | Record<string, string>, ...others: string[]): Run {
    const [environment, line] =
      typeof first === 'string' ? [{}, [first, ...others]] : [first, others]
    const node = ['--conditions=@linkpass/source', '--import', 'tsx', main, ...line]
    const child = spawn(process.execPath, node, {
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
        const look = (): void => {
          if (pattern.test(output)) resolve(output)
        }
        listeners.add(look)
        look()
        void ended.then(() => reject(new Error(`It ended with: ${output}`)))
      })
    return { child, printed, ended }
  }

  it('says in one line of JSON where it is, and ends with 0 on SIGTERM', async () => {
    const { child, printed, ended } = run('--port', '0', '--json')
    const line: unknown = JSON.parse(await printed(/\}\n$/))
    expect(line).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
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

  it('prints the addresses and the environment without colour, and ends with 0 on SIGINT', async () => {
    const { child, printed, ended } = run('-p', '0')
    const output = await printed(/Ctrl\+C/)
    expect(output).toMatch(/api +http/)
    expect(output).toMatch(/DESCOPE_PROJECT_ID=P\w+\n +DESCOPE_BASE_URL=http/)
    // oxlint-disable-next-line no-control-regex -- the escape character is what must be absent
    expect(output).not.toMatch(/\u001B/)
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })

  it('runs a command with the environment of the emulator, and ends as it ends', async () => {
    const script =
      'console.log(process.env.DESCOPE_BASE_URL, process.env.DESCOPE_BASE_URI); process.exit(7)'
    const { code, output } = await run('exec', '-p', '0', '--', process.execPath, '-e', script)
      .ended
    expect(code).toBe(7)
    expect(output).toMatch(/^(http:\/\/127\.0\.0\.1:\d+) \1$/m)
  })

  it('exec says where the inbox is, on stderr, and nothing with --quiet', async () => {
    const command = ['--', process.execPath, '-e', '']
    const { output } = await run('exec', '-p', '0', ...command).ended
    expect(output).toMatch(/^inbox {2}http:\/\/127\.0\.0\.1:\d+\/$/m)
    expect((await run('exec', '-p', '0', '-q', ...command).ended).output).toBe('')
  })

  it('ends with 127 when there is no such command', async () => {
    const { code, output } = await run('exec', '-p', '0', '--', 'no-such-command-anywhere').ended
    expect(code).toBe(127)
    expect(output).toContain('no-such-command-anywhere could not be started')
  })

  it('names the cure when the port is taken', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, output } = await run('--port', String(port)).ended
    server.close()
    expect(code).toBe(1)
    expect(output.trim()).toBe(
      `Port ${port} is taken: use --port 0 for a free one, or end what listens there.`,
    )
  })

  it('says in one sentence that it does not start in production', async () => {
    const { code, output } = await run({ NODE_ENV: 'production' }, '-p', '0').ended
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toEqual([
      'The emulator signs anybody in, so it does not start with NODE_ENV=production.',
    ])
  })

  it('ends with 2 at a flag it does not know', async () => {
    const { code, output } = await run('--prot', '1').ended
    expect(code).toBe(2)
    expect(output.trim()).toBe('There is no option --prot. Did you mean --port? See --help.')
  })
})
