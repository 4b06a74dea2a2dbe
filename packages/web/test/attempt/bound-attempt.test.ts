import { createDescopeClient, memoryStore, type Session, type StateStore } from '@linkpass/core'
import { createRevocations } from '@linkpass/core/internal'
import { createTestClock, projectId, wrapStore } from '@linkpass/testing'
import { describe, expect, test } from 'vitest'
import {
  type BoundAttempt,
  endAttemptsOf,
  findBoundAttempt,
  hasEndedIn,
  keepBoundAttempt,
  sessionNameOf,
} from '../../src/attempt/bound-attempt.ts'
import {
  browserRecordCookie,
  newBrowserRecord,
  type UsedLink,
} from '../../src/attempt/browser-record.ts'
import { type AuthContext, createContext, type RouteContext } from '../../src/context.ts'
import { withRequest } from '../../src/request/request-reader.ts'
import { reader } from '../reader.ts'

type EndedSessions = Parameters<typeof endAttemptsOf>[1]

const hour = 60 * 60_000
const state = 'A'.repeat(22)
const [here, elsewhere] = ['B'.repeat(22), 'C'.repeat(22)]

/** An app on a clock of its own, and an attempt of Ada in the browser `here`. */
function setUp(wrap: (store: StateStore) => StateStore = (store) => store) {
  const clock = createTestClock()
  const client = createDescopeClient({ projectId, clock, store: wrap(memoryStore({ clock })) })
  const cookieSecret = 'a secret of at least thirty-two bytes'
  const context = createContext(reader, client, { appUrl: 'http://localhost:3000', cookieSecret })
  const bound: BoundAttempt = {
    userId: 'ada',
    browser: here,
    session: sessionNameOf(context.sealer, 'refresh of ada'),
    issuedAt: 1000,
    account: 'a***@example.test',
    address: 'new@example.test',
    createdAt: clock.now(),
  }
  return { clock, context, bound }
}

/** A request of a browser that redeemed links, or of one without an attempt cookie. */
function requestOf(
  context: AuthContext,
  browser?: string,
  used: readonly UsedLink[] = [],
): RouteContext {
  const bare = withRequest(context, {})
  if (browser === undefined) return bare
  const { name, value } = browserRecordCookie(bare, { ...newBrowserRecord(browser), used })
  return withRequest(context, { cookie: `${name}=${value}` })
}

describe('a bound attempt', () => {
  test('is found by its state alone, for an hour', async () => {
    const { clock, context, bound } = setUp()
    await keepBoundAttempt(context, state, bound)
    expect(await findBoundAttempt(context, state)).toEqual(bound)
    expect(await findBoundAttempt(context, elsewhere)).toBeUndefined()
    clock.advance(hour - 1)
    expect(await findBoundAttempt(context, state)).toEqual(bound)
    clock.advance(1)
    expect(await findBoundAttempt(context, state)).toBeUndefined()
  })

  test.each<[how: string, ended: EndedSessions, browser: string | undefined, isOver: boolean]>([
    ['its browser', {}, here, true],
    ['another browser', {}, elsewhere, false],
    ['a browser without a cookie', {}, undefined, false],
    ['its session', { refreshJwts: ['other', 'refresh of ada'] }, undefined, true],
    ['another session', { refreshJwts: ['refresh of eve'] }, elsewhere, false],
    ['a sign-in of its user over it', { nextUserId: 'ada' }, here, false],
    ['a sign-in of another user over it', { nextUserId: 'eve' }, here, true],
  ])('after an end of %s', async (_, ended, browser, isOver) => {
    const { clock, context, bound } = setUp()
    await keepBoundAttempt(context, state, bound)
    await endAttemptsOf(requestOf(context, browser), ended)
    const found = isOver ? undefined : bound
    expect(await findBoundAttempt(context, state)).toEqual(found)
    clock.advance(hour - 1)
    expect(await findBoundAttempt(context, state)).toEqual(found)
  })

  test.each<[who: string, second: number, isOver: boolean]>([
    ['ada', 1000, true],
    ['ada', 999, false],
    ['eve', 1000, false],
    ['the whole project', 1000, true],
    ['the whole project', 999, false],
  ])('after every session of %s until second %d was revoked', async (who, second, isOver) => {
    const { context, bound } = setUp()
    await keepBoundAttempt(context, state, bound)
    const revocations = createRevocations(context.store, projectId)
    await (who === 'the whole project'
      ? revocations.revokeBefore(second)
      : revocations.revokeUser(who, second))
    expect(await findBoundAttempt(context, state)).toEqual(isOver ? undefined : bound)
  })

  test('that was requested after another user signed in is not over, until a logout', async () => {
    const { clock, context, bound } = setUp()
    await endAttemptsOf(requestOf(context, here), { nextUserId: 'eve' })
    clock.advance(1)
    const later = { ...bound, createdAt: clock.now() }
    await keepBoundAttempt(context, state, later)
    expect(await findBoundAttempt(context, state)).toEqual(later)
    await endAttemptsOf(requestOf(context, here), {})
    expect(await findBoundAttempt(context, state)).toBeUndefined()
  })

  test('P2: a link that the sign-in of another user ended stays so when its user signs in again', async () => {
    const { clock, context, bound } = setUp()
    await keepBoundAttempt(context, state, bound)
    for (const nextUserId of ['eve', 'ada', 'ada']) {
      clock.advance(1)
      await endAttemptsOf(requestOf(context, here), { nextUserId })
      expect(await findBoundAttempt(context, state)).toBeUndefined()
    }
    const later = { ...bound, createdAt: clock.now() }
    await keepBoundAttempt(context, state, later)
    expect(await findBoundAttempt(context, state)).toEqual(later)
  })

  test.each([
    ...['userId', 'browser', 'session', 'account', 'address', 'issuedAt', 'createdAt'].map(
      (name) => ({
        [name]: undefined,
      }),
    ),
    ...['userId', 'browser', 'session', 'account', 'address', 'requestedFrom', 'code'].map(
      (name) => ({ [name]: 7 }),
    ),
    { issuedAt: '7' },
    { createdAt: '7' },
  ])('that another release sealed with %j is none', async (change) => {
    const { context, bound } = setUp()
    const { entries, sealer } = context
    const keep = async (value: unknown): Promise<void> => {
      const sealed = sealer.seal('bound-attempt', value, state)
      await entries.set('bound-attempt', state, sealed, hour)
    }
    for (const value of [bound, { ...bound, requestedFrom: 'Firefox on Linux', code: '1234' }]) {
      await keep(value)
      expect(await findBoundAttempt(context, state)).toEqual(value)
    }
    for (const value of [{ ...bound, ...change }, null, 7]) {
      await keep(value)
      expect(await findBoundAttempt(context, state)).toBeUndefined()
    }
  })

  test('rejects while the store is unavailable, and so does an end', async () => {
    const { context, bound } = setUp((store) =>
      wrapStore(store, () => Promise.reject(new Error('down'))),
    )
    const down = expect.objectContaining({ name: 'StoreError' })
    await expect(keepBoundAttempt(context, state, bound)).rejects.toEqual(down)
    await expect(findBoundAttempt(context, state)).rejects.toEqual(down)
    await expect(endAttemptsOf(requestOf(context), { refreshJwts: ['x'] })).rejects.toEqual(down)
  })
})

describe('a sign-in', () => {
  const claims = { sub: 'ada', iss: 'P', drn: 'DS', iat: 1000, exp: 2000 }
  const session: Session = {
    userId: 'ada',
    claims,
    expiresAt: 2_000_000,
    jwt: 'x',
    roles: [],
    permissions: [],
    tenants: {},
    amr: [],
  }
  const places = [`browser ${here}`, `attempt ${state}`] as const
  const link = (of?: string): UsedLink => ({ link: 'fingerprint', userId: 'ada', state: of })

  test.each<[string, EndedSessions, browser: string, of: string | undefined, ended: boolean[]]>([
    ['its browser, which completed it', {}, here, state, [true, true]],
    ['its browser, which completed others', {}, here, elsewhere, [true, false]],
    ['its browser, which used a link without a state', {}, here, undefined, [true, false]],
    ['another browser', {}, elsewhere, undefined, [false, false]],
    ['a sign-in of its user over it', { nextUserId: 'ada' }, here, state, [false, false]],
    ['a sign-in of another user over it', { nextUserId: 'eve' }, here, state, [true, true]],
  ])('after an end of %s', async (_, ended, browser, of, expected) => {
    const { clock, context } = setUp()
    await endAttemptsOf(requestOf(context, browser, [link(of)]), ended)
    // What was issued later by the service's clock has ended as well.
    clock.advance(hour - 1)
    const found = await Promise.all(places.map((where) => hasEndedIn(context, where, session)))
    expect(found).toEqual(expected)
  })

  test.each([
    [1000, true],
    [999, false],
  ])('after every session of its user until second %d was revoked: %s', async (second, isOver) => {
    const { context } = setUp()
    await createRevocations(context.store, projectId).revokeUser('ada', second)
    for (const where of places) expect(await hasEndedIn(context, where, session)).toBe(isOver)
  })

  test('has not ended where nothing was recorded', async () => {
    const { context } = setUp()
    for (const where of places) expect(await hasEndedIn(context, where, session)).toBe(false)
  })
})
