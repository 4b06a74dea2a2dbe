/**
 * Starts one of the small apps with an emulator: `npm run example own-pages`. `PORT` sets the port of
 * the app (default 3000); 0 selects a free one.
 */
import { randomBytes } from 'node:crypto'
import { createDescopeClient, type DescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import type { RequestListener } from 'node:http'
import { createApp as bearerApi } from './bearer-api/src/app.ts'
import { createApp as behindProxy } from './behind-proxy/src/app.ts'
import { startOnFreePort } from './demo/src/free-port.ts'
import { listenOnLoopback } from './demo/src/listen.ts'
import { readSettings } from './demo/src/settings.ts'
import { createApp as enchanted } from './enchanted/src/app.ts'
import { createApp as ownCallbackPath } from './own-callback-path/src/app.ts'
import { createApp as ownPages } from './own-pages/src/app.ts'

interface Example {
  /** The path to open first. */
  readonly path: string
  readonly create: (client: DescopeClient, appUrl: string, cookieSecret: string) => RequestListener
}

const examples: ReadonlyMap<string, Example> = new Map<string, Example>([
  ['bearer-api', { path: '/me', create: bearerApi }],
  ['behind-proxy', { path: '/auth/sign-in', create: behindProxy }],
  ['enchanted', { path: '/auth/sign-in', create: (...args) => enchanted(...args).app }],
  ['own-callback-path', { path: '/me', create: ownCallbackPath }],
  ['own-pages', { path: '/hello', create: ownPages }],
])

async function start({ path, create }: Example): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const wanted = readSettings(process.env).app
  const server = await startOnFreePort(wanted, (line) => console.log(line), listenOnLoopback)
  const appUrl = `http://localhost:${server.port}`
  server.serve(create(client, appUrl, randomBytes(32).toString('base64url')))
  console.log(`app ${appUrl}${path}\ninbox ${emulator.inboxUrl}\n\nCtrl+C stops both.`)
  await ended
  await server.close()
  await client.close()
}

try {
  const example = examples.get(process.argv[2] ?? '')
  if (example === undefined) {
    throw new Error(`Give the name of an example: ${[...examples.keys()].join(', ')}`)
  }
  await start(example)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
