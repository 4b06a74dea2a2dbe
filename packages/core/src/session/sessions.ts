import { guardStore } from '../store/deadline.ts'
import type { ValidatedToken } from '../model/claims.ts'
import type { AuthOutcome, IssuedTokens, PresentedTokens, Session } from '../model/outcome.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import { onlyKnown } from '../config/option-checks.ts'
import type { Config } from '../options.ts'
import { redact } from '../model/redact.ts'
import type { Result } from '../result.ts'
import { createAuthenticate } from './authenticate.ts'
import { checkAudience } from '../jwt/claims.ts'
import { createKeySet } from '../jwks/key-set.ts'
import { createLogout, type Logout } from './logout.ts'
import { thenMaybe } from './then-maybe.ts'
import { explainRefusal, tellReplaced } from './late-refresh.ts'
import { createRefresh, graceMs, issuedTokens, requireLive, requireSubject } from './refresh.ts'
import { createRotatedTokens } from './rotated-tokens.ts'
import { createRevocations, createRevocationCheck } from './revocation.ts'
import { createStaticKeySet } from '../jwks/static-keys.ts'
import { createCachedVerify } from './cached-verify.ts'
import { viewSession } from './session-view.ts'
import { type VerifiedToken, createVerifyToken } from './verify-token.ts'

/** What a check of one request may ask for beyond the client's options. */
export interface ValidationOptions {
  /** The audiences to accept, one of which the session token must name. */
  audience?: string | readonly string[]
}

/** A session that a refresh brought. */
export interface RefreshedSession extends ValidatedToken {
  /** The refresh token to use from now on; the old one when the refresh did not rotate it. */
  readonly refreshJwt: string
  /** When each token ends, in milliseconds since the epoch. */
  readonly sessionExpiresAt: number
  readonly refreshExpiresAt: number
}

/** A session that was valid, or was refreshed: with `refreshJwt` and the times if it was. */
export type ValidatedSession = ValidatedToken & Partial<RefreshedSession>

/** What {@link createSessions} is made of. */
export interface SessionsDeps {
  readonly config: Config
  /** The parsed JSON of the project's key set, its body bounded; rejects when there is none. */
  readonly fetchKeys: (signal: AbortSignal) => Promise<unknown>
  /** One request to trade a refresh token. */
  readonly refresh: (refreshJwt: string) => Promise<Result<SessionTokens>>
}

/** Everything a server decides about session and refresh tokens. */
export interface Sessions extends Logout {
  /**
   * Checks a session token, without a request to the service but for its keys now and then.
   *
   * @throws {TokenError} it is not acceptable
   * @throws {KeySetError} the keys are out of reach
   * @throws {StoreError} revocation is configured to deny, and the store is out of reach
   */
  validateSession(sessionJwt: string, options?: ValidationOptions): Promise<ValidatedToken>
  /**
   * Trades a refresh token for a new session, checked; once, whoever else is asking.
   *
   * @throws {TokenError} the refresh token is not acceptable, or a logout ended it;
   *   `ERR_TOKEN_ROTATED` when the service refused one that was traded for a newer one
   * @throws {ServiceError} the service refused: for good where it said so of the token (see README)
   * @throws {RequestError} no usable answer
   * @throws {KeySetError} the keys are out of reach
   * @throws {StoreError} the store is out of reach
   */
  refreshSession(refreshJwt: string, options?: ValidationOptions): Promise<RefreshedSession>
  /**
   * Checks a session token, and refreshes it if it has expired or is absent. One that is present
   * and otherwise not acceptable is never refreshed.
   *
   * @throws what `validateSession` and `refreshSession` throw
   */
  validateAndRefreshSession(
    sessionJwt?: string,
    refreshJwt?: string,
    options?: ValidationOptions,
  ): Promise<ValidatedSession>
  /**
   * What the tokens of a request amount to. Never throws or rejects; returns the outcome itself
   * when no I/O is needed, a promise of it otherwise.
   */
  authenticate(presented: PresentedTokens): AuthOutcome | Promise<AuthOutcome>
  /**
   * Checks what a sign-in brought before anything is done with it: both tokens, each of its kind,
   * not expired, of one person.
   *
   * @throws {TokenError} one of them is not acceptable
   * @throws {KeySetError} the keys are out of reach
   */
  validateSignIn(tokens: SessionTokens): Promise<{ session: Session; tokens: IssuedTokens }>
  /**
   * Fetches the keys that the first request would wait for.
   *
   * @throws {KeySetError} the keys are out of reach
   */
  warmUp(): Promise<void>
  /** Ends waits; validation goes on with the keys at hand. */
  close(): void
}

/** Wires the parts. The only state is theirs: the key set, the cache, refreshes under way. */
export function createSessions({ config, fetchKeys, refresh: call }: SessionsDeps): Sessions {
  const { clock, algorithms, logger, publicKey } = config
  const store = guardStore(config.store, clock)
  const keys =
    publicKey === undefined
      ? createKeySet({ clock, algorithms, logger, fetchKeys })
      : createStaticKeySet(publicKey, algorithms)
  const check = createVerifyToken({ config, keys })
  const revocations = createRevocations(store, clock)
  const notRevoked = createRevocationCheck(revocations, config.revocation)
  const verify = createCachedVerify(config, keys, check)
  const closing = new AbortController()
  const lockMs = Math.ceil(config.timeoutMs) + 5000
  const replaced = createRotatedTokens(store)
  const refresh = createRefresh({
    ...{ check, call, store, revocations, replaced, clock, lockMs },
    closing: closing.signal,
  })
  const logout = createLogout({ config, check, revocations, refreshMs: lockMs + graceMs })

  function checkSession(jwt: unknown): VerifiedToken | Promise<VerifiedToken> {
    return thenMaybe(verify(jwt), notRevoked)
  }

  async function refreshSession(
    refreshJwt: unknown,
    audience: Audience,
    sub?: string,
  ): Promise<RefreshedSession> {
    const { session, tokens } = await refresh(refreshJwt, sub).catch(async (error: unknown) => {
      throw await explainRefusal(error, refreshJwt, replaced)
    })
    requireAudience(session, audience)
    const { refreshJwt: next, sessionExpiresAt, refreshExpiresAt } = tokens
    return Object.freeze(
      redact({ ...session.validated, refreshJwt: next, sessionExpiresAt, refreshExpiresAt }),
    )
  }

  return {
    async validateSession(sessionJwt, options) {
      const audience = audienceOf(options)
      const checked = requireLive(await checkSession(sessionJwt))
      return requireAudience(checked, audience).validated
    },
    refreshSession: async (refreshJwt, options) => refreshSession(refreshJwt, audienceOf(options)),
    async validateAndRefreshSession(sessionJwt, refreshJwt, options) {
      const audience = audienceOf(options)
      if (!sessionJwt) return refreshSession(refreshJwt, audience)
      const checked = requireAudience(await checkSession(sessionJwt), audience)
      if (!checked.expired || !refreshJwt) return requireLive(checked).validated
      return refreshSession(refreshJwt, audience, checked.validated.token.sub)
    },
    authenticate: tellReplaced(createAuthenticate({ checkSession, refresh }), replaced),
    async validateSignIn({ sessionJwt, refreshJwt }) {
      const session = requireLive(await verify(sessionJwt))
      const refresh = requireLive(await check(refreshJwt, 'refresh'))
      requireSubject(refresh, session.validated.token.sub)
      return { session: viewSession(session.validated), tokens: issuedTokens(session, refresh) }
    },
    ...logout,
    warmUp: () => keys.warmUp(),
    close() {
      closing.abort()
      keys.close()
    },
  }
}

type Audience = readonly string[] | undefined

// An audience asked for by another name, or not in an object, would be one that nobody checks.
function audienceOf(options: ValidationOptions | undefined): Audience {
  if (options === undefined) return undefined
  onlyKnown('options', options, ['audience'])
  const { audience } = options
  return typeof audience === 'string' ? [audience] : audience
}

function requireAudience(checked: VerifiedToken, audience: Audience): VerifiedToken {
  if (audience !== undefined) checkAudience(checked.validated.token, audience)
  return checked
}
