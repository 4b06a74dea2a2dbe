import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { closedPort } from '../servers/broken-server.ts'

/** A server that speaks Redis's protocol. */
export interface RedisEngine {
  readonly name: 'Redis' | 'Valkey'
  readonly server: string
  /** Why its tests are skipped; undefined where it is installed. */
  readonly skipReason: string | undefined
}

/** Redis and Valkey, where they are installed. */
export const redisEngines: readonly RedisEngine[] = [
  engine('Redis', 'redis-server', 'apt-get install redis-server'),
  engine('Valkey', 'valkey-server', 'apt-get install valkey-server, from Debian 13'),
]

function engine(name: RedisEngine['name'], server: string, install: string): RedisEngine {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const isInstalled = folders.some((folder) => existsSync(join(folder, server)))
  const skipReason = isInstalled ? undefined : `${server} is not installed: ${install}`
  return { name, server, skipReason }
}

/** A server of a test, which keeps its port and its folder while it is stopped. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Runs a command on a connection of its own; the items of a list are joined by line feeds. */
  command(name: string, ...args: readonly string[]): Promise<string>
  /** Ends the process at once, as a crash does, and frees the port. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops the process from running, while its connections stay open. */
  pause(): void
  resume(): void
}

/** Options of {@link startRedis}. */
export interface RedisServerOptions {
  /** Arguments of the server, such as `--appendonly yes`. @default nothing is kept on disk */
  readonly args?: readonly string[]
  /** The text of its configuration file, which a Sentinel needs. @default no file */
  readonly config?: string
  readonly engine?: RedisEngine | undefined
}

const volatile = ['--save', '', '--appendonly', 'no']

/** Starts a server on a free port, with a folder of its own. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { args = volatile, config, engine = redisEngines[0] } = options
  if (engine?.skipReason !== undefined) throw new Error(engine.skipReason)
  const { server = 'redis-server' } = engine ?? {}
  const folder = mkdtempSync(join(tmpdir(), 'linkpass-redis-'))
  const port = await closedPort()
  const file = config === undefined ? [] : [join(folder, 'own.conf')]
  for (const path of file) writeFileSync(path, config ?? '')
  let running: ChildProcess | undefined

  let admin: Redis | undefined

  function connect(): Redis {
    const own = new Redis(port, { retryStrategy: () => null })
    // Without a listener ioredis prints each error.
    own.on('error', () => {})
    own.on('end', () => (admin = admin === own ? undefined : admin))
    return own
  }

  async function command(name: string, ...args: readonly string[]): Promise<string> {
    admin ??= connect()
    const reply: unknown = await admin.call(name, ...args)
    return Array.isArray(reply) ? reply.flat(3).join('\n') : String(reply)
  }

  async function stop(): Promise<void> {
    const ending = running
    running = undefined
    if (ending === undefined || ending.exitCode !== null) return
    ending.kill('SIGKILL')
    await once(ending, 'exit')
  }

  async function start(): Promise<void> {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
    running = spawn(server, [...file, ...own, ...args], { stdio: 'ignore' })
    await isListening(port)
  }

  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command,
    stop,
    start,
    pause: () => void running?.kill('SIGSTOP'),
    resume: () => void running?.kill('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      admin?.disconnect()
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves when a server accepts connections. */
async function isListening(port: number): Promise<void> {
  for (let tries = 0; tries < 6000; tries += 1) {
    const socket = createConnection(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      await delay(10)
    } finally {
      socket.destroy()
    }
  }
  throw new Error(`No server listens on port ${port}.`)
}

/** Asks until the condition is true, for a minute; for servers that cannot tell by themselves. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const endsAt = performance.now() + 60_000
  while (performance.now() < endsAt) {
    if (await condition()) return
    await delay(20)
  }
  throw new Error(`Not within a minute: ${what}`)
}
