import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'
import { createApp, createHandler } from '../src/app.ts'

const ada = 'ada@example.test'

/** An event of an HTTP API of API Gateway, payload format 2.0. */
function eventOf(
  method: string,
  target: string,
  cookies: readonly string[],
  body?: string,
): object {
  const [path = '/', query = ''] = target.split('?')
  return {
    ...{ version: '2.0', rawPath: path, rawQueryString: query, cookies },
    headers: {
      ...{ host: 'app.example.com', accept: 'text/html', 'x-forwarded-for': '192.0.2.7' },
      ...{ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      ...(body && {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
      }),
    },
    requestContext: { http: { method, path, sourceIp: '192.0.2.7' } },
    ...(body && { body, isBase64Encoded: false }),
  }
}

test('a handler signs a user in and refreshes the session, though no timer runs between events', async () => {
  await using emulator = await startEmulator()
  const { clock, projectId, url: baseUrl } = emulator
  // Lambda freezes the process once a response is sent, so no timer that was left would go off.
  const frozen = {
    ...clock,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: never,
  }
  const client = createDescopeClient({ projectId, baseUrl, clock: frozen })
  const app = createApp(client, 'https://app.example.com', 'a cookie secret of at least 32 bytes')
  const handler = createHandler(app)
  const cookies = new Map<string, string>()

  async function invoke(method: string, target: string, body?: string) {
    const pairs = [...cookies].map(([name, value]) => `${name}=${value}`)
    const result: unknown = await handler(eventOf(method, target, pairs, body), {})
    const response = result as {
      statusCode: number
      headers: Record<string, string>
      cookies?: string[]
    }
    // One cookie is a header, and several are a list.
    for (const line of [response.headers['set-cookie'] ?? [], response.cookies ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }

  expect((await invoke('GET', '/')).statusCode).toBe(303)
  expect((await invoke('POST', '/auth/magic-link', `loginId=${ada}`)).statusCode).toBe(303)
  const { links } = await emulator.inbox.waitFor({ to: ada })
  const { pathname, search } = new URL(links[0]?.url ?? '')
  expect((await invoke('GET', pathname + search)).headers['location']).toBe('/')
  expect((await invoke('GET', '/')).statusCode).toBe(200)
  const before = cookies.get('__Host-DS')
  clock.advance(11 * 60_000)
  expect((await invoke('GET', '/')).statusCode).toBe(200)
  expect(cookies.get('__Host-DS')).not.toBe(before)
  await client.close()
})

function never(): Promise<never> {
  return new Promise(() => {})
}
