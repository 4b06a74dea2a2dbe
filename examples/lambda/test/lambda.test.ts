import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'
import { createApp, createHandler } from '../src/app.ts'

const ada = 'ada@example.test'

interface Call {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly cookies: readonly string[]
  readonly body: string | undefined
}

const headersOf = ({ body }: Call): Record<string, string> => ({
  host: 'app.example.com',
  accept: 'text/html',
  'x-forwarded-for': '192.0.2.7',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  ...(body !== undefined && {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
  }),
})

const cookieOf = ({ cookies }: Call): Record<string, string> =>
  cookies.length > 0 ? { cookie: cookies.join('; ') } : {}

const bodyOf = ({ body }: Call): object => ({ body: body ?? '', isBase64Encoded: false })

/** An event with one value of each header, and one with lists, which the host decodes or does not. */
function eventOf(call: Call, requestContext: object, isList: boolean, decodes: boolean): object {
  const headers = { ...headersOf(call), ...cookieOf(call) }
  const query = Object.fromEntries(
    call.query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split('=', 2))
      .map(([name = '', value = '']) => [name, decodes ? decodeURIComponent(value) : value]),
  )
  const lists = (values: Record<string, string>): object =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]))
  return {
    httpMethod: call.method,
    path: call.path,
    requestContext,
    ...bodyOf(call),
    ...(isList
      ? { multiValueHeaders: lists(headers), multiValueQueryStringParameters: lists(query) }
      : { headers, queryStringParameters: query }),
  }
}

const elb = { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:region:1:targetgroup/app/1' } }
const sourceIp = '192.0.2.7'

/** The events of each host, and where it takes cookies from. */
const hosts: readonly (readonly [string, (call: Call) => object, string])[] = [
  [
    'an HTTP API of API Gateway, or a function URL (payload 2.0)',
    (call) => ({
      version: '2.0',
      rawPath: call.path,
      rawQueryString: call.query,
      cookies: call.cookies,
      headers: headersOf(call),
      ...bodyOf(call),
      requestContext: { http: { method: call.method, path: call.path, sourceIp } },
    }),
    'cookies',
  ],
  [
    'a REST API of API Gateway (payload 1.0)',
    (call) => ({
      ...eventOf(call, { identity: { sourceIp } }, true, true),
      headers: { ...headersOf(call), ...cookieOf(call) },
    }),
    'multiValueHeaders',
  ],
  [
    'a load balancer with multi-value headers',
    (call) => eventOf(call, elb, true, false),
    'multiValueHeaders',
  ],
  [
    'a load balancer without multi-value headers',
    (call) => eventOf(call, elb, false, false),
    'headers',
  ],
]

interface LambdaResponse {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly cookies?: readonly string[]
}

/** The values of a header that a host sends: with lists those alone, or with what it has besides. */
function valuesOf(response: LambdaResponse, name: string): readonly string[] {
  const fields = [
    ...Object.entries(response.headers ?? {}),
    ...Object.entries(response.multiValueHeaders ?? {}),
  ]
  const found = fields.flatMap(([key, value]) => (key.toLowerCase() === name ? value : []))
  return name === 'set-cookie' ? [...found, ...(response.cookies ?? [])] : found
}

test.each(hosts)(
  'a handler behind %s signs a user in and refreshes the session, though no timer runs between events',
  async (_, eventFor, cookieField) => {
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

    async function invoke(method: string, target: string, body?: string): Promise<LambdaResponse> {
      const [path = '/', query = ''] = target.split('?')
      const pairs = [...cookies].map(([name, value]) => `${name}=${value}`)
      const result: unknown = await handler(
        eventFor({ method, path, query, cookies: pairs, body }),
        {},
      )
      const response = result as LambdaResponse
      for (const line of valuesOf(response, 'set-cookie')) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        cookies.set(name, value)
      }
      return response
    }

    expect((await invoke('GET', '/?a=1%202')).statusCode).toBe(303)
    expect((await invoke('POST', '/auth/magic-link', `loginId=${ada}`)).statusCode).toBe(303)
    const { links } = await emulator.inbox.waitFor({ to: ada })
    const { pathname, search } = new URL(links[0]?.url ?? '')
    const signedIn = await invoke('GET', pathname + search)
    expect(valuesOf(signedIn, 'location')).toEqual(['/'])
    expect(signedIn).toHaveProperty(cookieField)
    expect((await invoke('GET', '/')).statusCode).toBe(200)
    const before = cookies.get('__Host-DS')
    clock.advance(11 * 60_000)
    expect((await invoke('GET', '/')).statusCode).toBe(200)
    expect(cookies.get('__Host-DS')).not.toBe(before)
    await client.close()
  },
)

function never(): Promise<never> {
  return new Promise(() => {})
}
