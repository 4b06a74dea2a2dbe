import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { commandLine } from '../command-line.ts'
import { lookupHost } from '../loopback.ts'
import { sendRequest } from '../visitors/send-request.ts'
import { CannotCheckError } from './cannot-check.ts'

/** The app as a process that listens. */
export interface RunningApp {
  /** `http://localhost:3000` */
  readonly url: string
  /** The path of the URL that it printed or was given: `/portal`. Undefined for the root. */
  readonly path: string | undefined
  /** What it printed on stdout and stderr so far. */
  readonly output: () => string
  /** How it ended: "ended with code 1". Undefined while it runs. */
  readonly ended: () => string | undefined
  /** Resolves when it has ended, or after this time. */
  readonly endedWithin: (ms: number) => Promise<void>
  /** Ends it and the processes that it started. */
  readonly stop: () => Promise<void>
}

/** How the app is started. */
export interface AppOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Where it listens. @default found in its output, else PORT, else a usual port */
  readonly url: string | undefined
  /** Ports of others, such as the emulator's. */
  readonly otherPorts: readonly number[]
  readonly timeoutMs: number
  /** Takes secrets out of the output before it is shown. */
  readonly redact: (text: string) => string
  /** Stops waiting for it. */
  readonly signal: AbortSignal
}

// For an app that prints no URL and gets no PORT.
const usualPorts = [3000, 8080, 8000, 5000, 4000, 3001]
const pollMs = 50
const maxStartMs = 60_000
const maxOutput = 4_000_000
const stopMs = 3000

/**
 * Starts the app and waits until it listens.
 *
 * @throws {CannotCheckError} it ended, or was not found to listen in time; the message has its last lines
 */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { command, args, environment, timeoutMs, signal } = options
  const given = options.url === undefined ? undefined : new URL(options.url)
  const usual = given ? [] : await freePorts(usualPorts)
  if (given && (await listens(given))) {
    throw new CannotCheckError(
      `Another process listens at ${given.origin} already. Stop it, since check starts the app itself.`,
    )
  }
  const [line, rest, { shell }] = commandLine(command, args, process.platform)
  const child = spawn(line, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    // A group of its own, so that what npm or a shell started ends with it.
    detached: !shell,
    shell,
  })
  const app: { output: string; ended?: string } = { output: '' }
  const add = (chunk: Buffer): void => {
    if (app.output.length < maxOutput) app.output += chunk.toString()
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  child.once('error', (error) => (app.ended = `could not be started: ${error.message}`))
  // Not `exit`: by then, the last output may not have arrived.
  child.once('close', (code, signal) => (app.ended ??= `ended with ${signal ?? `code ${code}`}`))
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const endedWithin = (ms: number): Promise<void> => Promise.race([closed, delay(ms)])
  // However this process ends, the app does not stay behind.
  const onExit = (): void => kill(child, 'SIGKILL')
  process.once('exit', onExit)
  const stop = async (): Promise<void> => {
    await stopProcess(child)
    process.off('exit', onExit)
  }

  const startMs = Math.min(timeoutMs, maxStartMs)
  const endsAt = performance.now() + startMs
  while (!signal.aborted && performance.now() < endsAt && app.ended === undefined) {
    const candidates = given ? [given] : urlsOf(app.output, usual, options.otherPorts)
    for (const url of candidates) {
      if (!(await listens(url))) continue
      const { origin, pathname } = given ?? (await withProtocol(url))
      const path = pathname.replace(/\/+$/, '') || undefined
      return {
        url: origin,
        path,
        output: () => app.output,
        ended: () => app.ended,
        endedWithin,
        stop,
      }
    }
    await delay(pollMs)
  }
  const problem = app.ended ?? `was not found to listen within ${Math.round(startMs / 1000)} s`
  const hint = app.ended === undefined && !given ? ' Use --url to say where it listens.' : ''
  await stop()
  if (signal.aborted) throw new CannotCheckError('The run was ended.')
  const lines = options.redact(app.output).trim().split('\n').slice(-15).join('\n')
  throw new CannotCheckError(
    `${command} ${problem}.${hint}${lines === '' ? '' : ` Its last output:\n${lines}`}`,
  )
}

const portPatterns = [
  /\bport\W{1,3}(\d{2,5})\b/gi,
  // Also a URL with the name of this machine.
  /(?:[\s*]|https?:\/\/[\w.-]+):(\d{4,5})\b/gi,
  // Not where a database is.
  /\b(?:listening|running|server|serving|started|up) (?:on|at):? (?:\S*:)?(\d{4,5})\b/gi,
]

function urlsOf(output: string, usual: readonly number[], others: readonly number[]): URL[] {
  const printed = Array.from(
    output.matchAll(
      /\b(https?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{2,5})\b([\w/-]*)/g,
    ),
    ([, protocol = '', port, path = '']) => ({ protocol, port: Number(port), path }),
  )
  const named = portPatterns.flatMap((pattern) =>
    Array.from(output.matchAll(pattern), ([, port]) => Number(port)),
  )
  const fromEnvironment = Number(process.env['PORT'] ?? '')
  const ports = [...named, ...(fromEnvironment > 0 ? [fromEnvironment] : []), ...usual]
  return [...printed, ...ports.map((port) => ({ protocol: 'http', port, path: '' }))]
    .filter(({ port }) => port <= 65_535 && !others.includes(port))
    .map(({ protocol, port, path }) => new URL(`${protocol}://localhost:${port}${path}`))
}

/** The URL with https, where the app speaks that and not http. */
async function withProtocol(url: URL): Promise<URL> {
  const https = new URL(url.href.replace(/^http:/, 'https:'))
  return !(await responds(url)) && (await responds(https)) ? https : url
}

async function responds({ href: url }: URL): Promise<boolean> {
  try {
    await sendRequest({ method: 'HEAD', url, headers: {}, timeoutMs: 2000 })
    return true
  } catch {
    return false
  }
}

async function freePorts(ports: readonly number[]): Promise<readonly number[]> {
  const used = await Promise.all(ports.map((port) => listens(new URL(`http://localhost:${port}`))))
  return ports.filter((_, index) => used[index] !== true)
}

function listens({ protocol, hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const number = Number(port) || (protocol === 'https:' ? 443 : 80)
    const socket = connect({ host, port: number, lookup: lookupHost })
    const settle = (found: boolean): void => {
      socket.destroy()
      resolve(found)
    }
    socket.setTimeout(1000, () => settle(false))
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

async function stopProcess(child: ChildProcess): Promise<void> {
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) resolve()
    else child.once('exit', () => resolve())
  })
  kill(child, 'SIGTERM')
  await Promise.race([exited, delay(stopMs)])
  kill(child, 'SIGKILL')
  child.stdout?.destroy()
  child.stderr?.destroy()
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch (error) {
    // The whole group has ended.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
