import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createJumpingClock, type JumpingClock, startStub, type StubReply } from '@linkpass/testing'
import { expectQuietProcess } from '@linkpass/testing/vitest'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import { RequestError } from '../../src/errors.ts'
import { type Service } from '../../src/http/service.ts'
import { notSent } from '../../src/result.ts'
import { createWaitForSession, type WaitOptions } from '../../src/calls/wait-for-session.ts'
import { projectId, refreshJwt, sessionJwt } from '../fixtures.ts'

expectQuietProcess()

const pending: StubReply = { status: 401, body: { errorCode: 'E062503' } }
const session: StubReply = { body: { sessionJwt, refreshJwt } }

/** Responses the replies in turn, the last one again and again, and waits for a session meanwhile. */
async function waitThrough(
  replies: StubReply[],
  options?: WaitOptions,
  clock: JumpingClock = createJumpingClock(),
) {
  let polls = 0
  await using stub = await startStub(() => {
    polls += 1
    return replies[Math.min(polls, replies.length) - 1] ?? pending
  })
  await using client = createDescopeClient({ projectId, baseUrl: stub.url, clock })
  const result = await client.enchantedLink.waitForSession('pending-1', options)
  return { result, sleeps: clock.sleeps, polls }
}

describe('waitForSession', () => {
  it.each([{ timeout: 5 }, { interval: 1 }])(
    'refuses misspelt options, and names the right ones: %j',
    async (options) => {
      await using client = createDescopeClient({ projectId })
      const { waitForSession } = client.enchantedLink
      const result = await waitForSession('pending-1', options as WaitOptions)
      expect(result.error).toMatchObject({ code: 'ERR_ARGUMENT', argument: 'options' })
      expect(result.error?.message).toContain('timeoutMs')
    },
  )

  it('polls at once, and then after every interval until the session exists', async () => {
    const { result, sleeps, polls } = await waitThrough([pending, pending, session])
    expect(result).toEqual({ ok: true, code: 200, data: { sessionJwt, refreshJwt } })
    expect(sleeps).toEqual([1000, 1000])
    expect(polls).toBe(3)
  })

  it('does not sleep when the session exists', async () => {
    expect(await waitThrough([session])).toMatchObject({ sleeps: [], polls: 1 })
  })

  it.each([
    [undefined, 1000],
    [1, 1000],
    [2500, 2500],
  ])('with an interval of %s ms pauses for %s ms', async (pollingIntervalMs, slept) => {
    const options = pollingIntervalMs === undefined ? {} : { pollingIntervalMs }
    expect((await waitThrough([pending, session], options)).sleeps).toEqual([slept])
  })

  it('ends with a final error as it is', async () => {
    const expired: StubReply = { status: 401, body: { errorCode: 'E062504' } }
    const { result, polls } = await waitThrough([pending, expired, session])
    expect(result).toMatchObject({ ok: false, code: 401, error: { errorCode: 'E062504' } })
    expect(polls).toBe(2)
  })

  it('survives outages with pauses that grow, and starts again after a response', async () => {
    const down: StubReply = { status: 502, body: '<html>' }
    const { result, sleeps } = await waitThrough([down, down, down, pending, down, session])
    expect(result.ok).toBe(true)
    expect(sleeps).toEqual([1000, 2000, 4000, 1000, 1000])
  })

  it('waits for the Retry-After of a 429', async () => {
    const busy: StubReply = { status: 429, headers: { 'retry-after': '17' } }
    const { result, sleeps } = await waitThrough([busy, session])
    expect(result.ok).toBe(true)
    expect(sleeps).toEqual([17_000])
  })

  it('ends at once with a 429 whose Retry-After is after the deadline', async () => {
    const busy: StubReply = { status: 429, headers: { 'retry-after': '3600' } }
    const { result, sleeps } = await waitThrough([busy, session])
    expect(result).toMatchObject({ code: 429, error: { retryAfterSeconds: 3600 } })
    expect(sleeps).toEqual([])
  })

  it('ends with ERR_TIMEOUT when the next poll would be too late, the last error as its cause', async () => {
    const { result, polls } = await waitThrough([pending], { timeoutMs: 3500 })
    expect(result).toMatchObject({ ok: false, code: 0, error: { code: 'ERR_TIMEOUT' } })
    expect(result.error?.cause).toMatchObject({ errorCode: 'E062503' })
    expect(polls).toBe(4)
  })

  it('ends when the clock cannot sleep, instead of polling without a pause', async () => {
    const broken = new Error('no timers left')
    const clock = { ...createJumpingClock(), sleep: () => Promise.reject(broken) }
    const { result, polls } = await waitThrough([pending], {}, clock)
    expect(result).toMatchObject({ error: { code: 'ERR_ABORTED', cause: broken } })
    expect(polls).toBe(1)
  })

  it('waits for ten minutes at most', async () => {
    const { polls } = await waitThrough([pending], { timeoutMs: 1e9, pollingIntervalMs: 60_000 })
    expect(polls).toBe(10)
  })
})

describe('a wait that is ended from outside', () => {
  /** Starts waits that are all asleep after their first poll. */
  async function startWaits(
    count: number,
    end: (client: DescopeClient, abort: AbortController) => void,
  ) {
    const clock = createJumpingClock({ stand: true })
    const abort = new AbortController()
    await using stub = await startStub(() => pending)
    const timeoutMs = 600_000
    await using client = createDescopeClient({ projectId, baseUrl: stub.url, clock, timeoutMs })
    const waits = Array.from({ length: count }, () =>
      client.enchantedLink.waitForSession('pending-1', { signal: abort.signal }),
    )
    while (clock.sleeping() < count) await new Promise((resolve) => setImmediate(resolve))
    end(client, abort)
    const results = await Promise.all(waits)
    return { results, asleep: clock.sleeping(), seen: stub.seen.length, sockets: stub.sockets() }
  }

  it('by its signal is ERR_ABORTED', async () => {
    const { results, asleep } = await startWaits(1, (_client, abort) => abort.abort('enough'))
    expect(results[0]).toMatchObject({ ok: false, error: { code: 'ERR_ABORTED', cause: 'enough' } })
    expect(asleep).toBe(0)
  })

  it('by closing the client is ERR_CLOSED', async () => {
    const { results, asleep } = await startWaits(1, (client) => void client.close())
    expect(results[0]).toMatchObject({ ok: false, error: { code: 'ERR_CLOSED' } })
    expect(asleep).toBe(0)
  })

  it('leaves nothing behind, a thousand at once, on no more sockets than the pool has', async () => {
    const { results, asleep, seen, sockets } = await startWaits(1000, (_client, abort) =>
      abort.abort(),
    )
    expect(results.every(({ error }) => error?.code === 'ERR_ABORTED')).toBe(true)
    expect(asleep).toBe(0)
    expect(seen).toBe(1000)
    expect(sockets).toBeLessThanOrEqual(48)
  })

  it('before it began does not poll', async () => {
    await using stub = await startStub(() => pending)
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    const signal = AbortSignal.abort()
    const result = await client.enchantedLink.waitForSession('pending-1', { signal })
    expect(result.error?.code).toBe('ERR_ABORTED')
    expect(stub.seen).toEqual([])
  })

  it('by the signal of a client made for one caller is ERR_ABORTED', async () => {
    await using stub = await startStub(() => pending)
    await using client = createDescopeClient({
      projectId,
      baseUrl: stub.url,
      clock: createJumpingClock(),
    })
    const limited = client.with({ signal: AbortSignal.abort() })
    const result = await limited.enchantedLink.waitForSession('pending-1')
    expect(result.error?.code).toBe('ERR_ABORTED')
  })
})

it('a wait that has ended is forgotten', async () => {
  const { signal: closing } = new AbortController()
  const underWay: number[] = []
  const listening = (): number => getEventListeners(closing, 'abort').length
  const call: Service['call'] = () => {
    underWay.push(listening())
    return notSent(new RequestError('ERR_CLOSED', 'no'))
  }
  const limits = { timeoutMs: 1000, signal: undefined }
  await createWaitForSession({ call, limits, clock: createJumpingClock(), closing })('pending-1')
  expect(underWay).toEqual([1])
  expect(listening()).toBe(0)
})
