import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createJumpingClock, startBrokenServer, startStub } from '@linkpass/testing'
import { createDescopeClient } from '../src/client.ts'
import type { Logger } from '../src/log.ts'
import { projectId } from './fixtures.ts'
import { wireCases } from './wire/cases.ts'

const channels = ['linkpass:request:start', 'linkpass:request:end', 'linkpass:request:error']

/** Everything that the channels say while `work` runs. */
async function listen(work: () => Promise<unknown>): Promise<[channel: string, event: object][]> {
  const heard: [string, object][] = []
  const hear = (event: unknown, name: string | symbol) =>
    void heard.push([String(name).replace('linkpass:request:', ''), event as object])
  for (const channel of channels) subscribe(channel, hear)
  await work()
  for (const channel of channels) unsubscribe(channel, hear)
  return heard
}

describe('diagnostics', () => {
  it('report a request and its response', async () => {
    await using stub = await startStub(() => ({ status: 401, body: { errorCode: 'E062504' } }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    const heard = await listen(() => client.magicLink.verify('abc'))
    expect(heard).toEqual([
      ['start', { requestId: expect.any(Number), endpoint: 'magicLink.verify', attempt: 1 }],
      [
        'end',
        {
          requestId: Object(heard[0]?.[1]).requestId,
          endpoint: 'magicLink.verify',
          attempt: 1,
          status: 401,
          durationMs: expect.any(Number),
        },
      ],
    ])
  })

  it('report each attempt, and why it failed', async () => {
    await using server = await startBrokenServer((socket) => socket.resetAndDestroy())
    await using client = createDescopeClient({ projectId, baseUrl: server.url })
    const heard = await listen(() => client.me('a.b.c'))
    expect(heard.map(([name, event]) => [name, 'attempt' in event && event.attempt])).toEqual([
      ['start', 1],
      ['error', 1],
      ['start', 2],
      ['error', 2],
    ])
    expect(heard[1]?.[1]).toMatchObject({ endpoint: 'me', code: 'ERR_NETWORK' })
  })

  it('are logged as lines, failures as warnings', async () => {
    const lines: string[] = []
    const logger: Logger = {
      debug: (line) => void lines.push(`debug ${line}`),
      warn: (line) => void lines.push(`warn ${line}`),
    }
    let status = 400
    await using stub = await startStub(() => ({ status }))
    const client = createDescopeClient({ projectId, baseUrl: stub.url, logger })
    await client.magicLink.verify('abc')
    status = 503
    await client.magicLink.verify('abc')
    await client.close()
    expect(lines).toEqual([
      expect.stringMatching(/^debug linkpass: magicLink.verify returned 400 in \d+ ms$/),
      expect.stringMatching(/^warn linkpass: magicLink.verify returned 503 in \d+ ms$/),
    ])
  })

  it('are not affected by a logger that throws', async () => {
    const fail = () => {
      throw new Error('disk full')
    }
    await using stub = await startStub(() => ({ body: { maskedEmail: 'a' } }))
    const logger = { debug: fail, warn: fail }
    await using client = createDescopeClient({ projectId, baseUrl: stub.url, logger })
    expect((await client.magicLink.signUpOrIn.email('ada@example.test')).ok).toBe(true)
  })
})

describe('no secret is printed, logged or published', () => {
  const canaries = /canary|eyJ|one-time|pending-1|K2accesskey|ada@|new@|5550100|Y2hhbGxlbmdl/

  /** Every call with every option; what came of it, printed in every way a program might. */
  async function printEverything(baseUrl: string): Promise<string> {
    const printed: string[] = []
    const logger: Logger = {
      debug: (line) => printed.push(line),
      warn: (line) => printed.push(line),
    }
    const authManagementKey = 'canary-key'
    const options = { projectId, baseUrl, authManagementKey, logger, clock: createJumpingClock() }
    await using client = createDescopeClient(options)
    const heard = await listen(async () => {
      for (const { run } of wireCases) {
        const result = await run(client)
        const shown = result.ok ? { ...result, data: hideUser(result.data) } : result
        printed.push(JSON.stringify(shown), inspect(shown, { depth: 20, showHidden: true }))
        if (!result.ok) printed.push(String(result.error), result.error.stack ?? '')
      }
    })
    printed.push(JSON.stringify(heard), JSON.stringify(client), inspect(client, { depth: 20 }))
    return printed.join('\n')
  }

  // A user's own address is requested data, not a leak.
  function hideUser(data: unknown): unknown {
    if (typeof data !== 'object' || data === null) return data
    return 'userId' in data || 'user' in data ? Object.keys(data) : data
  }

  it('when every call succeeds', async () => {
    let next = 0
    await using stub = await startStub(({ path }) => {
      if (path.startsWith('/v2/keys')) return { status: 500 }
      const body = wireCases[next]?.response
      next += 1
      return { body }
    })
    const printed = await printEverything(stub.url)
    expect(next).toBe(wireCases.length)
    expect(printed).not.toMatch(canaries)
    expect(printed).toContain('magicLink.verify returned 200')
  })

  // The fields that hold secrets; the rest of a body is the service's to speak about.
  function quote(body: unknown): string {
    const { token, pendingRef }: { token?: string; pendingRef?: string } = body ?? {}
    return `${token} ${pendingRef}`
  }

  it('when every error response quotes the request body', async () => {
    await using stub = await startStub(({ headers, body }) => ({
      status: 400,
      body: { errorCode: 'E011003', errorMessage: `no ${headers.authorization}: ${quote(body)}` },
    }))
    const printed = await printEverything(stub.url)
    expect(printed).not.toMatch(canaries)
  })

  it('when every response quotes the request', async () => {
    await using stub = await startStub(({ body }) => ({ body: `<p>${JSON.stringify(body)}</p>` }))
    expect(await printEverything(stub.url)).not.toMatch(canaries)
  })

  it('when every connection breaks', async () => {
    await using server = await startBrokenServer((socket) => socket.resetAndDestroy())
    expect(await printEverything(server.url)).not.toMatch(canaries)
  })
})
