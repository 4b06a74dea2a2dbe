import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InboxTimeoutError, type Message, startEmulator } from '../src/index.ts'
import { type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

const sendLink = (loginId: string): Promise<unknown> =>
  service.post('/v1/auth/magiclink/signup-in/email', { loginId })

async function read<T>(path: string): Promise<T> {
  // The control plane returns the types of the library; a wrong one fails the assertion of its test.
  return JSON.parse((await service.get(path)).text) as T
}

describe('messages', () => {
  it('are listed newest first, and by address', async () => {
    await sendLink('ada@example.test')
    await sendLink('eve@example.test')
    const all = await read<Message[]>('/_emulator/messages')
    expect(all.map(({ to }) => to)).toEqual(['eve@example.test', 'ada@example.test'])
    const [only] = await read<Message[]>('/_emulator/messages?to=ADA@example.test')
    expect(only).toEqual(all[1])
    expect(await read(`/_emulator/messages/${only?.id}`)).toEqual(only)
    expect((await service.get('/_emulator/messages/nope')).status).toBe(404)
  })

  it('can be waited for before they are sent', async () => {
    const waiting = read<Message>('/_emulator/messages/wait?to=ada@example.test')
    await sendLink('eve@example.test')
    await sendLink('ada@example.test')
    expect((await waiting).to).toBe('ada@example.test')
  })

  it('are returned by wait once each, oldest first', async () => {
    await sendLink('ada@example.test')
    await sendLink('ada@example.test')
    const [newest, oldest] = service.emulator.inbox.list()
    const first = await read<Message>('/_emulator/messages/wait')
    expect(first.id).toBe(oldest?.id)
    expect((await service.emulator.inbox.waitFor()).id).toBe(newest?.id)
    // With `after`, wait also returns messages that an earlier wait returned.
    expect((await service.emulator.inbox.waitFor({ after: first.id })).id).toBe(newest?.id)
  })

  it('that do not arrive cause an error that lists those that did', async () => {
    await sendLink('eve@example.test')
    const path = '/_emulator/messages/wait?to=ada@example.test&timeoutMs=1'
    const reply = await service.get(path)
    expect(reply.status).toBe(408)
    expect(Object(reply.body).arrived).toEqual(['eve@example.test'])
    const waiting = service.emulator.inbox.waitFor({ to: 'ada@example.test', timeoutMs: 1 })
    await expect(waiting).rejects.toThrow(InboxTimeoutError)
    await expect(waiting).rejects.toThrow('eve@example.test')
  })

  it('are not waited for any more when the emulator closes', async () => {
    const short = await startEmulator()
    const waiting = short.inbox.waitFor()
    await Promise.all([expect(waiting).rejects.toThrow('closed'), short.close()])
  })

  it('are not waited for any more when the caller aborts', async () => {
    const reason = new Error('aborted by the caller')
    const signal = AbortSignal.abort(reason)
    await expect(service.emulator.inbox.waitFor({ signal })).rejects.toBe(reason)
  })
})

describe('the clock', () => {
  it('can be advanced and read from another process', async () => {
    const before = Date.now()
    const body = { advanceSeconds: 3600 }
    const moved = Object((await service.post('/_emulator/clock', body)).body)
    expect(moved.offsetMs).toBe(3_600_000)
    expect(moved.now).toBeGreaterThanOrEqual(before + 3_600_000)
    expect(service.emulator.clock.now()).toBeGreaterThanOrEqual(moved.now)
    expect(await read('/_emulator/clock')).toMatchObject({ offsetMs: 3_600_000 })
  })

  it.each([{}, { advanceSeconds: -1 }, { advanceSeconds: '1' }, { seconds: 1 }])(
    'rejects %j and names the expected field',
    async (body) => {
      const reply = await service.post('/_emulator/clock', body)
      expect(reply.status).toBe(400)
      expect(Object(reply.body).error).toContain('advanceSeconds')
    },
  )
})

describe('faults', () => {
  const verify = (): ReturnType<Service['post']> =>
    service.post('/v1/auth/magiclink/verify', { token: 'x' })

  it('respond to a matching path the given number of times', async () => {
    const added = await service.post('/_emulator/faults', {
      path: '/v1/auth/magiclink/*',
      status: 503,
      errorCode: 'E999999',
      times: 2,
    })
    expect(added.status).toBe(201)
    expect((await service.get('/v1/auth/me')).status).toBe(401)
    const first = await verify()
    expect(first).toMatchObject({ status: 503, body: { errorCode: 'E999999' } })
    expect((await verify()).status).toBe(503)
    expect((await verify()).status).toBe(401)
    expect(await read('/_emulator/faults')).toEqual([])
  })

  it('can last, and can be removed one by one or all at once', async () => {
    const { faults } = service.emulator
    const one = faults.add({ path: '/v1/auth/me', status: 500, times: 'always' })
    faults.add({ status: 502, times: 'always' })
    for (let i = 0; i < 5; i++) expect((await service.get('/v1/auth/me')).status).toBe(500)
    expect((await service.post(`/_emulator/faults/${one.id}`, undefined, del)).status).toBe(200)
    expect((await service.get('/v1/auth/me')).status).toBe(502)
    expect((await service.post('/_emulator/faults', undefined, del)).status).toBe(200)
    expect((await service.get('/v1/auth/me')).status).toBe(401)
    expect((await service.post('/_emulator/faults/nope', undefined, del)).status).toBe(404)
  })

  it('close the connection before the request is processed: the link stays unused', async () => {
    await sendLink('ada@example.test')
    const { links, id } = await service.emulator.inbox.waitFor()
    service.emulator.faults.add({ path: '/v1/auth/magiclink/verify', drop: 'before' })
    const verifying = service.post('/v1/auth/magiclink/verify', { token: links[0]?.token })
    await expect(verifying).rejects.toThrow('fetch failed')
    expect(service.emulator.inbox.get(id)?.links[0]?.state).toBe('unused')
  })

  it('close the connection after the request was processed: the link is redeemed', async () => {
    await sendLink('ada@example.test')
    const { links, id } = await service.emulator.inbox.waitFor()
    service.emulator.faults.add({ path: '/v1/auth/magiclink/verify', drop: 'after' })
    const verifying = service.post('/v1/auth/magiclink/verify', { token: links[0]?.token })
    await expect(verifying).rejects.toThrow('fetch failed')
    expect(service.emulator.inbox.get(id)?.links[0]?.state).toBe('used')
    expect(service.emulator.requests()[0]).toMatchObject({ status: 0 })
  })

  it('delay on the clock of the world', async () => {
    service.emulator.faults.add({ delayMs: 3_600_000 })
    const verifying = verify()
    // The request waits on the clock once the fault is used up; before that, advancing has no effect.
    while (service.emulator.faults.list().length > 0) await new Promise(setImmediate)
    service.emulator.clock.advance(3_600_000)
    expect((await verifying).status).toBe(401)
  })

  it.each([
    [{}, 'Fault: A fault needs an effect: status, delayMs, drop or delivery.'],
    [{ status: 200 }, 'Fault: status must be a status from 400 to 599.'],
    [{ status: 500, times: 0 }, 'Fault: times must be a whole number from 1, or "always".'],
    [{ status: 500, drop: 'after' }, 'Fault: A fault has either a status or a drop, not both.'],
    [{ path: 'v1', status: 500 }, 'Fault: path must be a path that begins with "/".'],
    [{ status: 500, colour: 'red' }, 'Fault: Unrecognized key: "colour".'],
    [{ delivery: 'eaten' }, 'Fault: delivery must be "lost", "late" or "twice".'],
    [{ delivery: 'lost', status: 500 }, 'Fault: Unrecognized key: "status".'],
  ])('reject %j and name the reason', async (spec, error) => {
    const reply = await service.post('/_emulator/faults', spec)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({ error })
    expect(() => service.emulator.faults.add(Object(spec))).toThrow(new TypeError(error))
  })
})

const del = { method: 'DELETE' }

describe('delivery faults', () => {
  it('lose a message, although the service reports it as sent', async () => {
    service.emulator.faults.add({ delivery: 'lost', to: 'ada@example.test' })
    await sendLink('eve@example.test')
    await sendLink('ada@example.test')
    await sendLink('ada@example.test')
    const all = service.emulator.inbox.list().map(({ to }) => to)
    expect(all).toEqual(['ada@example.test', 'eve@example.test'])
  })

  it('deliver a message twice, with the same link', async () => {
    service.emulator.faults.add({ delivery: 'twice' })
    await sendLink('ada@example.test')
    const [second, first] = service.emulator.inbox.list()
    expect(second?.links[0]?.token).toBe(first?.links[0]?.token)
    expect(second?.id).not.toBe(first?.id)
  })

  it('deliver a message late on the clock of the world, and never after a reset', async () => {
    const { emulator } = service
    const { clock, faults, inbox } = emulator
    faults.add({ delivery: 'late', lateBySeconds: 90 })
    await sendLink('ada@example.test')
    clock.advance(30_000)
    expect(inbox.list()).toEqual([])
    clock.advance(60_000)
    expect((await inbox.waitFor()).to).toBe('ada@example.test')

    faults.add({ delivery: 'late' })
    await sendLink('eve@example.test')
    emulator.reset()
    clock.advance(60_000)
    await new Promise(setImmediate)
    expect(inbox.list()).toEqual([])
  })
})

describe('a key rotation', () => {
  const keyIds = async (): Promise<string[]> => {
    const { keys } = (await service.get(`/v2/keys/${service.emulator.projectId}`)).body
    return keys.map(({ kid = '' }) => kid)
  }

  it('keeps the old key published until the end of the grace period', async () => {
    const [old = ''] = await keyIds()
    const reply = await service.post('/_emulator/keys/rotate', { graceSeconds: 60 })
    const { kid } = Object(reply.body)
    expect(await keyIds()).toEqual([kid, old])
    service.emulator.clock.advance(60_000)
    expect(await keyIds()).toEqual([kid])
  })

  it('without a grace period invalidates every older token', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    await service.emulator.keys.rotate({ graceSeconds: 0 })
    expect(await keyIds()).toHaveLength(1)
    const rejected = await service.post('/v1/auth/refresh', {}, { token })
    expect(rejected.body.errorCode).toBe('E061005')
  })

  it('signs with the new key from then on', async () => {
    await service.emulator.keys.rotate()
    const { sessionJwt } = await service.signIn('ada@example.test')
    const { keys } = (await service.get(`/v2/keys/${service.emulator.projectId}`)).body
    const { protectedHeader } = await jwtVerify(sessionJwt, createLocalJWKSet({ keys }))
    expect(protectedHeader.kid).toBe(keys[0]?.['kid'])
  })
})

describe('the request log', () => {
  it('contains the reason of each error response, and no secrets', async () => {
    const session = await service.signIn('ada@example.test')
    const token = session.refreshJwt
    await service.get('/v1/auth/me?token=in-the-query', { token })
    await service.post(
      '/v1/auth/magiclink/verify',
      { token: 'body-secret' },
      {
        headers: { 'x-descope-sdk-name': 'nodejs', 'x-descope-sdk-version': '9.9.9' },
      },
    )
    const text = (await service.get('/_emulator/requests')).text
    expect(JSON.parse(text)).toMatchObject([
      {
        method: 'POST',
        path: '/v1/auth/magiclink/verify',
        status: 401,
        errorCode: 'E063010',
        sdk: 'nodejs 9.9.9',
      },
      { method: 'GET', path: '/v1/auth/me', status: 200 },
      { path: '/v1/auth/magiclink/verify', status: 200 },
      { path: '/v1/auth/magiclink/signup-in/email', status: 200 },
    ])
    for (const secret of ['body-secret', 'in-the-query', token, session.sessionJwt, 'ada@']) {
      expect(text).not.toContain(secret)
    }
    expect(text).toContain('No link of this project has this token')
  })
})

describe('worlds', () => {
  const other = 'P2AnotherProject000000000000'

  it('have their own users, messages, keys, clocks and faults', async () => {
    const world = service.emulator.world(other)
    await sendLink('ada@example.test')
    expect(world.inbox.list()).toEqual([])
    expect(await read(`/_emulator/messages?project=${other}`)).toEqual([])

    world.clock.advance(3_600_000)
    expect(service.emulator.clock.offsetMs).toBe(0)
    world.faults.add({ status: 500 })
    expect((await service.get('/v1/auth/me')).status).toBe(401)
    expect((await service.get('/v1/auth/me', { projectId: other })).status).toBe(500)

    const { refreshJwt: token } = await world.signIn('ada@example.test')
    expect((await service.get('/v1/auth/me', { token })).body.errorCode).toBe('E061005')
    expect((await service.get('/v1/auth/me', { token, projectId: other })).status).toBe(200)
    world.reset()
    expect(service.emulator.inbox.list()).toHaveLength(1)
  })

  it('need a valid project id', async () => {
    expect((await service.get('/_emulator/messages?project=nope')).status).toBe(400)
    expect(() => service.emulator.world('nope')).toThrow(TypeError)
  })
})

describe('a reset', () => {
  it('empties the world, sets its clock to real time, and keeps the keys', async () => {
    const { refreshJwt: token } = await service.signIn('ada@example.test')
    service.emulator.clock.advance(1000)
    service.emulator.faults.add({ status: 500 })
    expect((await service.post('/_emulator/reset')).text).toBe('{}')
    expect(service.emulator.inbox.list()).toEqual([])
    expect(service.emulator.requests()).toEqual([])
    expect(service.emulator.clock.offsetMs).toBe(0)
    const rejected = await service.get('/v1/auth/me', { token })
    expect(rejected.body.errorCode).toBe('E064001')
    expect((await service.signIn('ada@example.test')).firstSeen).toBe(true)
  })
})

describe('events', () => {
  it('are sent for messages, requests, the clock, keys, faults and resets', async () => {
    const stop = new AbortController()
    const response = await fetch(`${service.emulator.url}/_emulator/events`, {
      signal: stop.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const { emulator } = service
    await sendLink('ada@example.test')
    emulator.clock.advance(1)
    emulator.faults.add({ status: 500 })
    await emulator.keys.rotate()
    emulator.reset()

    const seen: string[] = []
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      for (const [, name = ''] of decoder.decode(chunk).matchAll(/^event: (.+)$/gm)) seen.push(name)
      if (seen.includes('reset')) break
    }
    stop.abort()
    for (const name of ['hello', 'message', 'request', 'clock', 'faults-changed', 'keys-rotated']) {
      expect(seen).toContain(name)
    }
  })
})
