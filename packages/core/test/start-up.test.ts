import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startStub } from '@linkpass/testing'
import { projectId } from './fixtures.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Module hooks that write each package's name to stderr as it is resolved. */
const hooks = `
  import { writeSync } from 'node:fs'
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context)
    const [, name] = /node_modules\\/(undici|zod)\\//.exec(resolved.url) ?? []
    if (name) writeSync(2, 'loads ' + name + '\\n')
    return resolved
  }`
const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
const registerOf = (code: string): string =>
  `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(code))})`

/** Module hooks that fail once for each file that the first call loads, as while files are replaced. */
const failOnce = `
  const failed = new Set()
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context)
    const [file] = /core.src.http.(?:service|endpoints)\\.ts$/.exec(resolved.url) ?? []
    if (file === undefined || failed.has(file)) return resolved
    failed.add(file)
    throw new Error('no such file')
  }`

/** Runs a script on the package in a process of its own; which of the two it loaded, and its output. */
async function start(
  script: string,
  code: string = hooks,
): Promise<{ loads: string[]; printed: unknown }> {
  const source = [
    '--conditions=@linkpass/source',
    '--import',
    'tsx',
    '--import',
    dataUrl(registerOf(code)),
  ]
  const flags = [...source, '--input-type=module', '--eval', script]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, flags, { cwd: root })
  const loads = [
    ...new Set([...stderr.matchAll(/^loads (\w+)$/gm)].map(([, name]) => String(name))),
  ]
  return { loads: loads.sort(), printed: JSON.parse(stdout) }
}

const create = (options: object) => `
  const { createDescopeClient } = await import('@linkpass/core')
  const client = createDescopeClient(${JSON.stringify({ projectId, ...options })})`

it('importing the package and creating a client does nothing else', async () => {
  const { loads, printed } = await start(`
    process.env = new Proxy(process.env, {
      get: (target, name) => {
        if (/DESCOPE|LINKPASS/.test(String(name))) throw new Error('read ' + String(name))
        return target[name]
      },
    })
    ${create({})}
    const alive = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|TLS/.test(name))
    console.log(JSON.stringify(alive))`)
  expect(loads).toEqual([])
  expect(printed).toEqual([])
})

it('code that did not load is an error of the call, and is loaded by a later one', async () => {
  await using stub = await startStub(() => ({ status: 401, body: { errorCode: 'E061005' } }))
  const { printed } = await start(
    `
    ${create({ baseUrl: stub.url })}
    const seen = []
    for (let call = 0; call < 3; call += 1) {
      seen.push(await client.magicLink.verify('${'t'.repeat(64)}').then(({ code, error }) => [code, error.code, error.mayHaveBeenProcessed, error.cause?.message], (error) => error.message))
    }
    console.log(JSON.stringify(seen))
    await client.close()`,
    failOnce,
  )
  const notLoaded = [0, 'ERR_NETWORK', false, 'no such file']
  expect(printed).toEqual([notLoaded, notLoaded, [401, 'ERR_SERVICE_REFUSED', false, null]])
})

it('closing while that code does not load is no error', async () => {
  const { printed } = await start(
    `
    ${create({})}
    const call = client.magicLink.verify('${'t'.repeat(64)}').then(({ error }) => error.code)
    await Promise.all([client.close(), client.close()])
    console.log(JSON.stringify(await call))`,
    failOnce,
  )
  expect(printed).toBe('ERR_NETWORK')
})

it('fetching keys loads the transport and no schemas', async () => {
  await using stub = await startStub(() => ({ body: { keys: [] } }))
  const token = `${btoa('{"alg":"RS256","kid":"k"}')}.e30.c2ln`.replaceAll('=', '')
  const { loads, printed } = await start(`
    ${create({ baseUrl: stub.url })}
    const code = await client.validateSession('${token}').catch((error) => error.code)
    console.log(JSON.stringify(code))
    await client.close()`)
  expect(stub.seen.map(({ path }) => path)).toEqual([`/v2/keys/${projectId}`])
  expect(printed).toMatch(/^ERR_/)
  expect(loads).toEqual(['undici'])
})

it("learning the service's time loads the transport and no schemas", async () => {
  await using stub = await startStub(() => ({ status: 401, body: { errorCode: 'E061004' } }))
  const { loads, printed } = await start(`
    ${create({ baseUrl: stub.url, revocation: { onStoreError: 'deny' } })}
    await client.revokeUser('U1')
    console.log(JSON.stringify(await client.isClockRight()))
    await client.close()`)
  expect(stub.seen.map(({ path }) => path)).toContain('/v1/auth/refresh')
  expect(printed).toBe(true)
  expect(loads).toEqual(['undici'])
})

it('the first call loads both', async () => {
  await using stub = await startStub(() => ({ body: { maskedEmail: 'a' } }))
  const { loads, printed } = await start(`
    ${create({ baseUrl: stub.url })}
    const { ok } = await client.magicLink.signUpOrIn.email('ada@example.test')
    console.log(JSON.stringify(ok))
    await client.close()`)
  expect(printed).toBe(true)
  expect(loads).toEqual(['undici', 'zod'])
})
