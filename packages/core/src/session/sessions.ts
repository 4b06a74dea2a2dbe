import type { Clock, ServiceTime } from '../clock.ts'
import { TokenError } from '../errors.ts'
import { type KeysHealth, type KeySet, RefreshedKeySet } from '../jwks/key-set.ts'
import { createStaticKeySet } from '../jwks/static-keys.ts'
import type { AuthOutcome, IssuedTokens, PresentedTokens, Session } from '../model/outcome.ts'
import type { SessionTokens } from '../model/api.ts'
import type { Config } from '../options.ts'
import type { Result } from '../result.ts'
import { guardStore } from '../store/deadline.ts'
import type { StateStore } from '../store/state-store.ts'
import { type AdminRevocation, createAdminRevocation } from './revocation/admin-revocation.ts'
import { createAuthenticate } from './authenticate.ts'
import { type CachedVerify, createCachedVerify } from './cached-verify.ts'
import { createLogout } from './logout.ts'
import { createRefreshHints } from './refresh/hints.ts'
import { createRefresh } from './refresh/refresh.ts'
import {
  createRevocationCheck,
  createRevocations,
  type Revocations,
  type TokenRecord,
} from './revocation/revocation.ts'
import { RevocationLog, type RevocationLogHealth } from './revocation/revocation-log.ts'
import { createRotatedTokens, type RotatedTokens } from './refresh/rotated-tokens.ts'
import { type SessionEnd, SessionWatch } from './revocation/session-watch.ts'
import { createSessionChecks, type SessionChecks } from './session-checks.ts'
import { viewSession } from './token-views.ts'
import { createVerifyToken, verifyPair, type VerifyToken } from './verify-token.ts'

export interface SessionsDeps {
  readonly config: Config
  /** The parsed JSON of the project's key set, its body bounded; rejects when there is none. */
  readonly fetchKeys: (signal: AbortSignal) => Promise<unknown>
  readonly refresh: (refreshJwt: string) => Promise<Result<SessionTokens>>
  /** Sends a request whose response tells the service's time. */
  readonly measure: () => Promise<unknown>
  /** The service's clock, in whose time tokens are stamped. */
  readonly serviceTime: Omit<ServiceTime, 'observe'>
}

/** What a client offers about session and refresh tokens. */
export interface SessionFunctions extends SessionChecks, AdminRevocation {
  /**
   * Decides who sent a request, from its tokens. Never throws or rejects; returns the outcome itself
   * when no I/O is needed, a promise of it otherwise.
   */
  readonly authenticate: (presented: PresentedTokens) => AuthOutcome | Promise<AuthOutcome>
  /**
   * Watches a session for a long connection: its signal aborts within a second after the session token
   * has expired, or was ended by a logout or an administrator, on any instance that shares the store.
   *
   * @param refreshJwt the refresh token that came with it, whose logout ends the session too
   * @throws {RequestError} `ERR_ARGUMENT`
   */
  readonly watchSession: (session: Session, refreshJwt?: string) => SessionEnd
  /**
   * Verifies the tokens of a sign-in before they are used: both present, each of its kind, not
   * expired, of one user.
   *
   * @throws {TokenError} one of them is not acceptable
   * @throws {KeySetError} the keys are unavailable
   */
  readonly validateSignIn: (
    tokens: SessionTokens,
  ) => Promise<{ session: Session; tokens: IssuedTokens }>
  /**
   * What ended a refresh token, by the record in the store: the service may not know, and would still take
   * it. `rotated` where a refresh has replaced it in the last half an hour. For adapters. A token that is not
   * acceptable has no record.
   *
   * @throws {KeySetError} the keys are unavailable
   * @throws {StoreError} the store is unavailable
   */
  readonly recordOf: (refreshJwt: string) => Promise<TokenRecord | 'rotated'>
  /** The state of keys, store and revocations: one read of the store, and no request to the service. Never rejects. */
  readonly health: () => Promise<Health>
}

/** Whether this instance can decide who is signed in, for probes. */
export interface Health {
  /** Whether it can: the keys are usable, and the store responds. */
  readonly ready: boolean
  readonly keys: KeysHealth
  /** Whether the store responded to one read, and how long that took. */
  readonly store: { readonly available: boolean; readonly durationMs: number }
  /** Absent without `revocation`. While it is not followed, each request asks the store. */
  readonly revocationLog?: RevocationLogHealth
}

export function createSessions(deps: SessionsDeps) {
  const { config, fetchKeys, refresh: call, measure, serviceTime } = deps
  const { clock } = config
  const store = guardStore(config.store, clock)
  const keys = keysFor(config, fetchKeys)
  const verifyToken = createVerifyToken(config, keys)
  const verify = createCachedVerify(config, keys, verifyToken)
  const end = new AbortController()
  const closing = end.signal
  const { format, projectId, refreshGraceSeconds, timeoutMs } = config
  const log = new RevocationLog({ store, projectId, clock, serviceTime, measure, closing })
  const followed = config.revocation && log
  const revocations = createRevocations(store, projectId, log, followed !== undefined)
  const checkUse = config.revocation && createRevocationCheck(revocations, config.revocation, log)
  const verifySession: CachedVerify = (jwt) => verify(jwt, checkUse)
  const rotated = createRotatedTokens(store, clock, serviceTime, format)
  const refresh = createRefresh({
    store,
    clock,
    closing,
    call,
    verifyToken,
    revocations,
    rotated,
    format,
    timeoutMs,
    hints: createRefreshHints(store, clock, closing),
    // Where the service accepts a token again, an instance that dies need not block others for long. Else
    // the lock lasts for the call, and for a slow operation of the store before and after it.
    lockMs: refreshGraceSeconds === undefined ? timeoutMs + 1000 : 3000,
    serviceGraceMs: refreshGraceSeconds && refreshGraceSeconds * 1000,
  })

  const watch = new SessionWatch({ clock, closing, revocations, log: followed })
  let asked: Promise<unknown> | undefined

  const functions: SessionFunctions = {
    ...createSessionChecks(verifySession, refresh, rotated),
    ...createAdminRevocation({ clock, revocations, serviceTime, measure }),
    authenticate: createAuthenticate(
      verifySession,
      refresh,
      rotated,
      verifyToken,
      () => !serviceTime.isClockRight(),
    ),
    watchSession: (session, refreshJwt) => watch.watch(session, refreshJwt),
    async validateSignIn(signIn) {
      const { session, tokens } = await verifyPair(signIn, verify, verifyToken)
      return { session: viewSession(session.validated), tokens }
    },
    recordOf: (refreshJwt) => recordOf(refreshJwt, verifyToken, revocations, rotated),
    health: () => healthOf(keys, store, clock, followed),
  }

  return {
    functions,
    records: createLogout({ config, verifyToken, revocations, serviceTime, rotated }),
    /**
     * Fetches the keys, and reads the revocations, that the first request would wait for; asks the store.
     *
     * @throws {KeySetError} the keys are unavailable
     */
    async warmUp(): Promise<void> {
      // Once, so that a store that is wrong is told of early. None keeps a user from a sign-in.
      asked ??= store.get('health').catch(() => {})
      await Promise.all([keys.warmUp(), followed?.read(), asked])
    },
    /** Ends waits; verification continues with the keys already fetched. */
    close(): void {
      end.abort()
      keys.close()
    },
  }
}

function keysFor(
  { clock, algorithms, keysFreshSeconds, logger, publicKey }: Config,
  fetchKeys: SessionsDeps['fetchKeys'],
): KeySet {
  if (publicKey !== undefined) return createStaticKeySet(publicKey, algorithms)
  const freshMs = keysFreshSeconds * 1000
  return new RefreshedKeySet({ clock, algorithms, logger, fetchKeys, freshMs })
}

async function healthOf(
  keys: KeySet,
  store: StateStore,
  clock: Clock,
  log: RevocationLog | undefined,
): Promise<Health> {
  const startedAt = clock.monotonic()
  const available = await store.get('health').then(
    () => true,
    () => false,
  )
  const keysHealth = keys.health()
  return {
    ready: keysHealth.usable && available,
    keys: keysHealth,
    store: { available, durationMs: clock.monotonic() - startedAt },
    ...(log && { revocationLog: log.health() }),
  }
}

async function recordOf(
  refreshJwt: string,
  verifyToken: VerifyToken,
  revocations: Revocations,
  rotated: Pick<RotatedTokens, 'includes'>,
): Promise<TokenRecord | 'rotated'> {
  try {
    const { validated } = await verifyToken(refreshJwt, 'refresh')
    const record = await revocations.recordOf(validated)
    const isRotated = record === 'nothing' && (await rotated.includes(validated.jwt))
    return isRotated ? 'rotated' : record
  } catch (error) {
    if (error instanceof TokenError) return 'nothing'
    throw error
  }
}
