import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { expect } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import { type ClientOptions, resolveOptions } from '../../src/options.ts'
import type { Result } from '../../src/result.ts'
import type { AuthOutcome } from '../../src/model/outcome.ts'
import type { SessionTokens } from '../../src/model/session-tokens.ts'
import { createSessions, type Sessions } from '../../src/session/sessions.ts'

export const projectId = 'P2abcdefghijklmnopqrstuvwxyz'

/** Noon on some day, in milliseconds. */
export const startTime = Date.UTC(2026, 0, 15, 12)

/** A clock that stands until it is moved; sleepers wake when their time has come. */
export interface TestClock extends Clock {
  advance(ms: number): void
  /** Moves the wall clock alone, as an administrator or a bad time server does. */
  jump(ms: number): void
  readonly sleepers: number
}

export function createTestClock(): TestClock {
  let elapsed = 0
  let offset = startTime
  const sleeping = new Set<{ wakeAt: number; wake: () => void }>()
  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = (): void => {
          sleeping.delete(sleeper)
          reject(signal?.reason)
        }
        const wake = (): void => {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        const sleeper = { wakeAt: elapsed + ms, wake }
        sleeping.add(sleeper)
        signal?.addEventListener('abort', abort)
      }),
    advance(ms) {
      elapsed += ms
      for (const sleeper of [...sleeping]) {
        if (sleeper.wakeAt > elapsed) continue
        sleeping.delete(sleeper)
        sleeper.wake()
      }
    },
    jump(ms) {
      offset += ms
    },
    get sleepers() {
      return sleeping.size
    },
  }
}

/** A key pair with the JWK that the service would publish for it. */
export interface TestKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: Record<string, unknown>
}

const curves: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

export function makeKey(kid: string, alg = 'RS256', modulusLength = 2048): TestKey {
  const { privateKey, publicKey } = alg.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: curves[alg]! })
    : alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('rsa', { modulusLength })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return { kid, alg, privateKey, publicKey, jwk }
}

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  )
}

/** The signature of `input` by `alg`, as JWS has it. */
export function signInput(input: string | Buffer, alg: string, key: KeyObject): string {
  const digest = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`
  const data = Buffer.from(input)
  const options = alg.startsWith('ES')
    ? { key, dsaEncoding: 'ieee-p1363' as const }
    : alg.startsWith('PS')
      ? { key, padding: 6, saltLength: -1 }
      : key
  return sign(digest, data, options).toString('base64url')
}

export interface TokenParts {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  /** Encoded payload text, instead of claims. */
  payload?: string
}

/** A valid session token of `key`, except for `parts`. Undefined members are omitted. */
export function sessionToken(
  key: TestKey,
  parts: TokenParts = {},
  now: number = startTime,
): string {
  const seconds = Math.floor(now / 1000)
  const header = { alg: key.alg, kid: key.kid, typ: 'JWT', ...parts.header }
  const claims = {
    ...{ iss: projectId, sub: 'U2ada', drn: 'DS', iat: seconds - 10, exp: seconds + 600 },
    ...parts.claims,
  }
  const input = `${encode(header)}.${encode(parts.payload ?? claims)}`
  return `${input}.${signInput(input, key.alg, key.privateKey)}`
}

/** A valid refresh token of `key`, except for `parts`. */
export function refreshToken(
  key: TestKey,
  parts: TokenParts = {},
  now: number = startTime,
): string {
  const exp = Math.floor(now / 1000) + 28 * 86_400
  return sessionToken(key, { ...parts, claims: { drn: 'DSR', exp, ...parts.claims } }, now)
}

export interface TestService {
  readonly clock: TestClock
  readonly sessions: Sessions
  /** How many requests for keys and refreshes were made. */
  readonly calls: { keys: number; refresh: number }
}

export interface TestServiceOptions extends Omit<Partial<ClientOptions>, 'clock'> {
  clock?: TestClock
  keySet?: (signal: AbortSignal, call: number) => unknown
  refresh?: (refreshJwt: string) => Promise<Result<SessionTokens>>
}

/** Sessions of a service whose responses are given. */
export function createTestService(options: TestServiceOptions): TestService {
  const { keySet, refresh, clock = createTestClock(), ...rest } = options
  const calls = { keys: 0, refresh: 0 }
  const config = resolveOptions({ projectId, clock, ...rest })
  const sessions = createSessions({
    config,
    async fetchKeys(signal) {
      calls.keys += 1
      return keySet?.(signal, calls.keys)
    },
    async refresh(refreshJwt) {
      calls.refresh += 1
      if (refresh === undefined) throw new Error('No refresh was expected.')
      return refresh(refreshJwt)
    },
  })
  return { clock, sessions, calls }
}

/** A promise to settle by hand. */
/** Uses a valid token until it is cached, which is at its second use, and expects that it is. */
export async function makeKnown(
  { sessions }: TestService,
  sessionJwt: string,
): Promise<AuthOutcome> {
  await sessions.authenticate({ sessionJwt })
  const known = await sessions.authenticate({ sessionJwt })
  expect(known.status).toBe('signed-in')
  expect(await sessions.authenticate({ sessionJwt })).toBe(known)
  return known
}

export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let settle: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    settle = resolve
  })
  return { promise, resolve: (value) => settle(value) }
}

/** Lets everything that is ready go on. */
export async function flush(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
