/** Several instances of one app behind nginx, with one Redis and one service. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import {
  closedPort,
  type RedisPair,
  type RedisServer,
  startRedis,
  startRedisPair,
  startTcpProxy,
  type TcpProxy,
} from '@linkpass/testing'
import { Browser } from '@linkpass/testing/browser'
import type { InstanceMessage, InstanceOptions } from './instance.ts'
import { createBalancer } from './nginx.ts'

/** One process, which can be ended and started again on its port. */
export interface FleetInstance {
  readonly port: number
  start(options?: Partial<InstanceOptions>): Promise<void>
  /** As a crash: SIGKILL. */
  kill(): Promise<void>
  /** Stops the process from running, while its connections stay open: SIGSTOP and SIGCONT. */
  pause(): void
  resume(): void
  /** Gives its client another password for Redis, for connections from now on. */
  setPassword(password: string): void
  figures(): Promise<{ readonly refreshes: number; readonly heapBytes: number }>
}

/** The fleet, with what a drill does to it. */
export interface Fleet extends AsyncDisposable {
  readonly appUrl: string
  readonly emulator: Emulator
  readonly redis: RedisServer
  /** The same with its replica, where there is one. */
  readonly pair: RedisPair | undefined
  /** Between the instances and Redis. */
  readonly proxy: TcpProxy
  readonly instances: readonly FleetInstance[]
  /** What Node warned of in any instance. */
  readonly warnings: readonly string[]
  /** A browser whose requests go through nginx. */
  browser(): Browser
  /** The same browser, whose requests reach one instance. */
  onInstance(browser: Browser, index: number): Browser
  /** Signs a user in without a link. */
  signIn(address: string): Promise<{ readonly browser: Browser; readonly userId: string }>
}

/** Options of {@link startFleet}. */
export interface FleetOptions {
  readonly count?: number
  readonly rotationGraceSeconds?: number
  readonly sessionLifetimeSeconds?: number
  /** Whether Redis has a replica; then it keeps nothing on disk. */
  readonly hasReplica?: boolean
  readonly instance?: Partial<InstanceOptions>
  /** Options that differ by instance. */
  readonly each?: (index: number) => Partial<InstanceOptions>
}

const file = fileURLToPath(new URL('instance.ts', import.meta.url))

/** Starts it: four instances by turns on both clients, session tokens of four seconds that rotate. */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const { count = 4, rotationGraceSeconds = 0, sessionLifetimeSeconds = 4 } = options
  const parts: AsyncDisposable[] = []
  const use = <T extends AsyncDisposable>(part: T): T => {
    parts.unshift(part)
    return part
  }
  const emulator = use(
    await startEmulator({
      rotateRefreshTokens: true,
      rotationGraceSeconds,
      sessionLifetimeSeconds,
    }),
  )
  const pair = options.hasReplica ? use(await startRedisPair()) : undefined
  const kept = ['--appendonly', 'yes', '--appendfsync', 'always']
  const redis = pair?.primary ?? use(await startRedis({ args: kept }))
  const proxy = use(await startTcpProxy(redis.port))
  const balancer = use(await createBalancer())
  const appUrl = `http://127.0.0.1:${balancer.port}`
  const warnings: string[] = []
  const common = {
    appUrl,
    projectId: emulator.projectId,
    baseUrl: emulator.url,
    redisPort: proxy.port,
    secrets: ['a secret of the fleet, of 32 bytes or more'],
    onStoreError: 'deny' as const,
    ...{
      redisPassword: undefined,
      refreshGraceSeconds: undefined,
      aheadMs: 0,
      format: 1,
      limits: false,
    },
    ...options.instance,
  }
  const { redisPassword } = common
  if (redisPassword) await redis.command('CONFIG', 'SET', 'requirepass', redisPassword)
  const instances: FleetInstance[] = []
  for (let index = 0; index < count; index += 1) {
    const client = index % 2 === 0 ? ('redis' as const) : ('ioredis' as const)
    const own = { ...common, client, port: await closedPort(), ...options.each?.(index) }
    const instance = createInstance(own, warnings)
    instances.push(instance)
    use({ [Symbol.asyncDispose]: () => instance.kill() })
  }
  await Promise.all(instances.map((instance) => instance.start()))
  await balancer.start(instances.map(({ port }) => port))
  const browser = (): Browser => new Browser(appUrl)
  const cookieNames = {
    session: `DS_${balancer.port}`,
    refresh: `DSR_${balancer.port}`,
  }

  return {
    appUrl,
    emulator,
    redis,
    pair,
    proxy,
    instances,
    warnings,
    browser,
    onInstance: (own, index) => {
      const copy = own.copy()
      copy.balanceTo(`http://127.0.0.1:${instances[index]?.port}`)
      return copy
    },
    signIn: async (address) => {
      const { userId, cookie } = await emulator.signIn(address, { cookieNames })
      const own = browser()
      for (const pair of cookie.split('; ')) own.setCookie(pair)
      return { browser: own, userId }
    },
    [Symbol.asyncDispose]: async () => {
      for (const part of parts) await part[Symbol.asyncDispose]()
    },
  }
}

function createInstance(common: InstanceOptions, warnings: string[]): FleetInstance {
  let running: ChildProcess | undefined
  return {
    port: common.port,
    async start(given) {
      const options = { ...common, ...given }
      const child = fork(file, [JSON.stringify(options)], {
        execArgv: ['--expose-gc', '--conditions=@linkpass/source', '--import', 'tsx'],
      })
      running = child
      child.on('message', (message: InstanceMessage) => {
        if (message.type === 'warning') warnings.push(message.text)
      })
      await told(child, 'ready')
    },
    async kill() {
      const ending = running
      running = undefined
      if (ending === undefined || ending.exitCode !== null) return
      const exit = once(ending, 'exit')
      ending.kill('SIGKILL')
      await exit
    },
    pause: () => void running?.kill('SIGSTOP'),
    resume: () => void running?.kill('SIGCONT'),
    setPassword: (password) => void running?.send({ password }),
    async figures() {
      if (running === undefined) throw new Error('The instance is not running.')
      const figures = told(running, 'figures')
      running.send('figures')
      return figures
    },
  }
}

type Told<T> = Extract<InstanceMessage, { readonly type: T }>

function told<T extends InstanceMessage['type']>(child: ChildProcess, type: T): Promise<Told<T>> {
  return new Promise((resolve, reject) => {
    const listen = (message: InstanceMessage): void => {
      if (!isOf(message, type)) return
      child.off('message', listen)
      resolve(message)
    }
    child.on('message', listen)
    child.once('exit', () => reject(new Error('The instance has ended.')))
  })
}

function isOf<T>(message: InstanceMessage, type: T): message is Told<T> {
  return message.type === type
}

/** The user whom `/me` names, or the status of another response; `cut` for none. */
export async function meOf(browser: Browser): Promise<string | number> {
  const response = await browser.visit('/me').catch(() => undefined)
  if (response === undefined) return 'cut'
  if (response.status !== 200) return response.status
  const { userId }: { userId: string } = JSON.parse(response.body)
  return userId
}
