import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { selfSigned } from '@linkpass/testing'
import { ProxyAgent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { NamedFinding } from '../packages/emulator/src/doctor/diagnosis.ts'
import { examine } from '../packages/emulator/src/doctor/examine.ts'
import type { DoctorOptions } from '../packages/emulator/src/doctor/facts.ts'

let emulator: Emulator
let folder: string

beforeAll(async () => {
  emulator = await startEmulator()
  folder = await mkdtemp(join(tmpdir(), 'doctor-'))
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true })
})

type Changes = Partial<DoctorOptions> & { readonly environment?: Record<string, string> }

/** What doctor finds wrong in an app that has no fault but the given one. */
async function findings({ environment, ...options }: Changes = {}): Promise<
  readonly NamedFinding[]
> {
  const all = await examine({
    environment: {
      DESCOPE_PROJECT_ID: emulator.projectId,
      DESCOPE_BASE_URL: emulator.url,
      ...environment,
    },
    folder,
    nodeVersion: '24.1.0',
    appUrl: 'https://app.example.com',
    tokenFile: await fileWith('token', (await emulator.signIn('ada@example.com')).sessionJwt),
    timeoutMs: 60_000,
    ...options,
  })
  return all.filter(({ status }) => status === 'problem' || status === 'warning')
}

async function fileWith(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}

describe('doctor', () => {
  test('finds nothing wrong in an app with the emulator', async () => {
    expect(await findings()).toEqual([])
  })

  test.each<[string, string, Changes]>([
    ['no project id', 'project-id', { environment: { DESCOPE_PROJECT_ID: '' } }],
    [
      'quotes around the id',
      'project-id',
      { environment: { DESCOPE_PROJECT_ID: `"P${'a'.repeat(27)}"` } },
    ],
    ['a management key as the id', 'project-id', { environment: { DESCOPE_PROJECT_ID: 'K2abc' } }],
    [
      'a base URL without its scheme',
      'base-url',
      { environment: { DESCOPE_BASE_URL: 'api.descope.com' } },
    ],
    ['an emulator in production', 'base-url', { environment: { NODE_ENV: 'production' } }],
    ['an old Node', 'node-version', { nodeVersion: '20.18.1' }],
    [
      'a proxy that is not used',
      'proxy',
      { environment: { HTTP_PROXY: 'http://proxy.test:3128' } },
    ],
    ['a proxy for another protocol', 'proxy', { environment: { HTTPS_PROXY: 'http://p.test:1' } }],
    [
      'certificates that are not verified',
      'tls',
      { environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    ],
    ['an appUrl with http', 'app-url', { appUrl: 'http://app.example.com' }],
    ['an appUrl without its scheme', 'app-url', { appUrl: 'app.example.com' }],
    ['an appUrl with a path', 'app-url', { appUrl: 'https://app.example.com/auth' }],
    ['a token file that is missing', 'cookie-size', { tokenFile: '/no/such/file' }],
    [
      'a wrong authentication key',
      'api-key',
      { environment: { DESCOPE_AUTH_MANAGEMENT_KEY: 'K2wrong' } },
    ],
  ])('names %s: %s', async (_, name, changes) => {
    const found = await findings(changes)
    expect(found.map((finding) => finding.name)).toEqual([name])
    expect(found[0]).toMatchObject({ expected: expect.any(String), fix: expect.any(String) })
    // What it says must not hold a key.
    expect(JSON.stringify(found)).not.toContain('K2wrong')
  })

  test('names a base URL of another region', async () => {
    const environment = {
      DESCOPE_PROJECT_ID: `Peuc1${'a'.repeat(27)}`,
      DESCOPE_BASE_URL: 'https://api.use1.descope.com',
    }
    const found = await findings({ environment, timeoutMs: 1 })
    expect(found[0]).toMatchObject({
      name: 'base-url',
      expected: expect.stringContaining('https://api.euc1.descope.com'),
    })
  })

  test('names a service that is not there', async () => {
    const gone = await startEmulator()
    await gone.close()
    expect(await findings({ environment: { DESCOPE_BASE_URL: gone.url } })).toMatchObject([
      {
        name: 'key-set',
        found: expect.stringContaining('ECONNREFUSED'),
        fix: expect.stringContaining('DESCOPE_BASE_URL'),
      },
    ])
  })

  test('names a proxy without which the service is not reached', async () => {
    const gone = await startEmulator()
    await gone.close()
    const environment = { DESCOPE_BASE_URL: gone.url, http_proxy: 'http://proxy.test:3128' }
    expect(await findings({ environment })).toMatchObject([
      { name: 'proxy', status: 'problem', fix: expect.stringContaining('EnvHttpProxyAgent') },
      { name: 'key-set' },
    ])
  })

  test('names an agent for ALL_PROXY, which that for the environment does not read', async () => {
    expect(await findings({ environment: { ALL_PROXY: 'http://p.test:1' } })).toMatchObject([
      { name: 'proxy', fix: expect.stringContaining('new ProxyAgent(process.env.ALL_PROXY)') },
    ])
  })

  test('reaches the service without the proxy that fetch uses, as the client does', async () => {
    const own = getGlobalDispatcher()
    // As NODE_USE_ENV_PROXY=1 does on Node 24.
    setGlobalDispatcher(new ProxyAgent('http://127.0.0.1:1'))
    try {
      const environment = { HTTP_PROXY: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1' }
      expect(await findings({ environment })).toMatchObject([
        { name: 'proxy', status: 'warning', fix: expect.stringContaining('NODE_USE_ENV_PROXY') },
      ])
    } finally {
      setGlobalDispatcher(own)
    }
  })

  test('names a project that the service does not know', async () => {
    emulator.faults.add({ path: '/v2/keys/*', status: 404 })
    expect(await findings()).toMatchObject([
      {
        name: 'key-set',
        found: expect.stringContaining('404'),
        fix: expect.stringContaining('project id'),
      },
    ])
  })

  test('names a service that does not respond, in bounded time', async () => {
    emulator.faults.add({ delayMs: 60_000, times: 'always' })
    expect(await findings({ timeoutMs: 200 })).toMatchObject([
      { name: 'key-set', found: expect.stringContaining('no response within 0.2 s') },
    ])
  })

  test('names a clock that is behind', async () => {
    emulator.clock.advance(10 * 60_000)
    expect(await findings()).toMatchObject([
      { name: 'clock', found: expect.stringMatching(/(599|600|601) s behind the service/) },
    ])
  })

  test('names a clock that is ahead', async () => {
    const date = new Date(Date.now() - 10 * 60_000).toUTCString()
    const environment = { DESCOPE_BASE_URL: await serviceThat({ date }, '{"keys":[{}]}') }
    expect(await findings({ environment })).toMatchObject([
      { name: 'clock', found: expect.stringMatching(/(599|600|601) s ahead of the service/) },
    ])
  })

  test('names a host that responds with a page', async () => {
    const page = { 'content-type': 'text/html' }
    const environment = { DESCOPE_BASE_URL: await serviceThat(page, '<h1>Welcome</h1>') }
    expect(await findings({ environment })).toMatchObject([
      { name: 'key-set', found: expect.stringContaining('not with JSON') },
    ])
  })

  test('names a key set without keys', async () => {
    const environment = { DESCOPE_BASE_URL: await serviceThat({}, '{"keys":[]}') }
    expect(await findings({ environment })).toMatchObject([
      { name: 'key-set', found: expect.stringContaining('has no keys for the project') },
    ])
  })

  test.each<[string, Changes]>([
    ['an appUrl with a slash at its end', { appUrl: 'https://app.example.com/' }],
    ['an appUrl with a port', { appUrl: 'https://app.example.com:8443' }],
    [
      'a proxy that NO_PROXY keeps from the service',
      { environment: { http_proxy: 'http://p.test:1', NO_PROXY: '.internal, localhost' } },
    ],
    [
      'a proxy that no_proxy keeps from every host',
      { environment: { HTTP_PROXY: 'http://p.test:1', no_proxy: '*' } },
    ],
    ['the oldest Node', { nodeVersion: '20.19.0' }],
  ])('finds nothing wrong in %s', async (_, changes) => {
    expect(await findings(changes)).toEqual([])
  })

  test('names a certificate that Node does not know', async () => {
    const { key, cert } = selfSigned
    const server = createServer({ key, cert }, (_, res) => res.end('{}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const environment = { DESCOPE_BASE_URL: `https://127.0.0.1:${port}` }
    expect(await findings({ environment })).toMatchObject([
      { name: 'tls', fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') },
    ])
    server.close()
  })

  test('names an API that needs a key, and says where that is from', async () => {
    emulator.faults.add({ path: '/v1/auth/magiclink/verify', status: 401, errorCode: 'E061004' })
    expect(await findings()).toMatchObject([
      {
        name: 'api-key',
        found: expect.stringContaining('nobody has checked it against the live service'),
        fix: expect.stringContaining('DESCOPE_AUTH_MANAGEMENT_KEY'),
      },
    ])
  })

  test('names a token that browsers would drop, without showing it', async () => {
    const { sessionJwt } = await emulator.signIn('eve@example.com', {
      roles: Array.from({ length: 400 }, (_, i) => `role-${i}`),
    })
    const found = await findings({ tokenFile: await fileWith('long', sessionJwt) })
    expect(found).toMatchObject([
      {
        name: 'cookie-size',
        status: 'problem',
        found: expect.stringMatching(/takes \d{4,} of 4096/),
      },
    ])
    expect(JSON.stringify(found)).not.toContain('eyJ')
  })

  test('names two copies of a package, also where packages are linked', async () => {
    const app = await appWith({
      'node_modules/@linkpass/core': '1.0.0',
      'node_modules/@linkpass/express': '1.0.0',
    })
    expect(await findings({ folder: app })).toEqual([])
    await install(app, 'node_modules/@linkpass/express/node_modules/@linkpass/core', '1.0.0')
    await install(app, 'node_modules/.pnpm/other@1/node_modules/@linkpass/core', '0.9.0')
    const [found, ...others] = await findings({ folder: join(app, 'src') })
    expect({ found, others }).toMatchObject({ found: { name: 'copies' }, others: [] })
    expect(found?.found).toContain('@linkpass/core is there 3 times')
    expect(found?.found).toContain('0.9.0 in')
  })

  test('names packages of different releases', async () => {
    const app = await appWith({
      'node_modules/@linkpass/core': '1.1.0',
      'node_modules/@linkpass/web': '1.0.0',
      'node_modules/@linkpass/emulator': '0.5.0',
    })
    expect(await findings({ folder: app })).toMatchObject([
      { name: 'copies', found: 'versions differ: @linkpass/core 1.1.0, @linkpass/web 1.0.0' },
    ])
  })
})

/** The URL of a service that responds to everything with this. It ends with the tests. */
async function serviceThat(headers: Record<string, string>, body: string): Promise<string> {
  const server = createHttpServer((_, res) => res.writeHead(200, headers).end(body)).unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

/** A folder with these versions of packages. */
async function appWith(versions: Readonly<Record<string, string>>): Promise<string> {
  const app = await mkdtemp(join(folder, 'app-'))
  for (const [path, version] of Object.entries(versions)) await install(app, path, version)
  return app
}

async function install(app: string, path: string, version: string): Promise<void> {
  await fileWith(join(relative(folder, app), path, 'package.json'), JSON.stringify({ version }))
}
