/**
 * Starts one of the small apps with an emulator: `npm run example own-pages`. `PORT` sets the port of
 * the app (default 3000); 0 selects a free one.
 */
import { randomBytes } from 'node:crypto'
import { createDescopeClient, type DescopeClient } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import type { RequestListener, Server } from 'node:http'
import { createApp as bearerApi } from './bearer-api/src/app.ts'
import { createApp as behindProxy } from './behind-proxy/src/app.ts'
import { startOnFreePort } from './demo/src/free-port.ts'
import { hasCode, listenOnLoopback } from './demo/src/listen.ts'
import { readSettings } from './demo/src/settings.ts'
import { createApp as enchanted } from './enchanted/src/app.ts'
import { createApp as events } from './events/src/app.ts'
import { createApp as fastify } from './fastify/src/app.ts'
import { createApp as guards } from './guards/src/app.ts'
import { createListener as hono } from './hono/src/node.ts'
import { createApp as lambda } from './lambda/src/app.ts'
import { createApp as ownCallbackPath } from './own-callback-path/src/app.ts'
import { createApp as ownPages } from './own-pages/src/app.ts'
import { createApp as ownSession } from './own-session/src/app.ts'
import { createApp as spa, createFrontEnd } from './spa/src/app.ts'
import { createApp as subPath, createProxy } from './sub-path/src/app.ts'
import { createApp as tenants } from './tenants/src/app.ts'
import { createApp as websocket } from './websocket/src/app.ts'

interface Example {
  /** The path to open first. */
  readonly path: string
  readonly create: (
    client: DescopeClient,
    appUrl: string,
    cookieSecret: string,
    frontEnd: string,
  ) => RequestListener | Server
  /** A front end or a proxy on a port of its own, to be opened first. */
  readonly frontEnd?: (appUrl: string) => RequestListener
  /** What to do besides opening the app. */
  readonly hint?: (emulator: Emulator, appUrl: string) => Promise<string>
}

const examples: ReadonlyMap<string, Example> = new Map<string, Example>([
  ['bearer-api', { path: '/me', create: bearerApi, hint: bearerHint }],
  ['behind-proxy', { path: '/me', create: behindProxy }],
  [
    'enchanted',
    {
      path: '/me',
      create: (...[client, url, secret]) => enchanted(client, url, secret).app,
    },
  ],
  ['events', { path: '/', create: events }],
  ['fastify', { path: '/me', create: fastifyListener }],
  ['guards', { path: '/reports', create: guards, hint: guardsHint }],
  ['hono', { path: '/me', create: hono }],
  ['lambda', { path: '/', create: lambda }],
  ['own-callback-path', { path: '/me', create: ownCallbackPath }],
  ['own-pages', { path: '/hello', create: ownPages }],
  ['own-session', { path: '/hello', create: ownSession }],
  ['spa', { path: '/', create: spa, frontEnd: createFrontEnd }],
  [
    'sub-path',
    {
      path: '/app/',
      create: (...[client, , secret, proxy]) => subPath(client, proxy, secret),
      frontEnd: createProxy,
    },
  ],
  ['tenants', { path: '/', create: tenants, hint: tenantsHint }],
  ['websocket', { path: '/', create: websocket }],
])

/** A program that reads the environment. */
interface Program {
  readonly path: string
  /** Where its app listens: on `PORT`, or on one port that is in its code. Undefined without an app. */
  readonly port?: 'PORT' | number
  /** What to do besides opening the app. */
  readonly says?: string
}

/** The demo starts an emulator of its own. */
const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['core-script', { path: './core-script/src/main.ts', says: 'Paste the link of the mail below.' }],
  ['demo', { path: './demo/src/main.ts' }],
  ['fetch', { path: './fetch/src/node.js', port: 'PORT' }],
  ['quickstart', { path: './quickstart/src/main.ts', port: 3000 }],
])

/** Fastify reads its plugins before the first request. */
function fastifyListener(...settings: Parameters<typeof fastify>): RequestListener {
  const app = fastify(...settings)
  const ready = app.ready()
  return (req, res) => void ready.then(() => app.routing(req, res))
}

async function bearerHint(emulator: Emulator, appUrl: string): Promise<string> {
  const { sessionJwt } = await emulator.signIn('ada@example.com')
  return `A request with a token, as another app would send it:\n  curl -H "Authorization: Bearer ${sessionJwt}" ${appUrl}/me`
}

async function guardsHint(emulator: Emulator, appUrl: string): Promise<string> {
  const tenants = { acme: { permissions: ['read invoices'] } }
  await emulator.signIn('ada@example.com', { roles: ['owner'], tenants })
  return `Sign in as ada@example.com, who may also see ${appUrl}/tenants/acme/invoices`
}

async function tenantsHint(emulator: Emulator): Promise<string> {
  await emulator.signIn('ada@example.com', { tenants: { acme: {}, umbrella: {} } })
  return 'Sign in as ada@example.com, who belongs to two tenants.'
}

async function start({ path, create, frontEnd, hint }: Example): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const wanted = readSettings(process.env).app
  const server = await startOnFreePort(wanted, (line) => console.log(line), listenOnLoopback)
  const front = frontEnd && (await listenOnLoopback(0))
  const appUrl = `http://localhost:${server.port}`
  const openUrl = front ? `http://localhost:${front.port}` : appUrl
  if (front !== undefined) front.serve(frontEnd?.(appUrl) ?? (() => {}))
  const app = create(client, appUrl, randomBytes(32).toString('base64url'), openUrl)
  if (typeof app === 'function') server.serve(app)
  else server.emitTo(app)
  const more = (await hint?.(emulator, appUrl)) ?? ''
  console.log(`app ${openUrl}${path}\ninbox ${emulator.inboxUrl}\n${more}\nCtrl+C stops both.`)
  await ended
  await front?.close()
  await server.close()
  await client.close()
}

async function run({ path, port, says }: Program): Promise<void> {
  if (port !== undefined || says !== undefined) {
    const free = port === undefined ? undefined : String(await freePort(port))
    const { projectId, url, inboxUrl } = await startEmulator()
    Object.assign(process.env, { DESCOPE_PROJECT_ID: projectId, DESCOPE_BASE_URL: url })
    if (free !== undefined) process.env['PORT'] = free
    console.log(`inbox ${inboxUrl}\n${says ?? `app http://localhost:${free}/me`}`)
  }
  process.argv = [process.argv[0] ?? '', path, ...process.argv.slice(3)]
  await import(path)
}

/** The program listens by itself, so whether its port is free is found out before it starts. */
async function freePort(port: 'PORT' | number): Promise<number> {
  const found = await (port === 'PORT'
    ? startOnFreePort(readSettings(process.env).app, (line) => console.log(line), listenOnLoopback)
    : listenOnLoopback(port).catch((error: unknown) => {
        if (!hasCode(error, 'EADDRINUSE')) throw error
        const fix = 'End the program that uses it: this example takes no other.'
        throw new Error(`Port ${port} is in use. ${fix}`, { cause: error })
      }))
  await found.close()
  return found.port
}

try {
  const name = process.argv[2] ?? ''
  const [example, program] = [examples.get(name), programs.get(name)]
  if (example !== undefined) await start(example)
  else if (program !== undefined) await run(program)
  else {
    const names = [...examples.keys(), ...programs.keys()].toSorted()
    throw new Error(`Give the name of an example: ${names.join(', ')}`)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
