import type { Dispatcher } from 'undici'
import { baseUrlOf } from './config/project.ts'
import { type Clock, systemClock } from './clock.ts'
import { currentFormat } from './crypto/sealer.ts'
import type { Logger } from './log.ts'
import { memoryStore } from './store/memory-store.ts'
import {
  checkOption,
  deadlineMs,
  inRange,
  onlyKnown,
  optionalText,
  textList,
  withMethods,
} from './config/option-checks.ts'
import { isCookieName, isProjectId } from './model/grammar.ts'
import type { StateStore } from './store/state-store.ts'

/** Options of {@link createDescopeClient}. Only `projectId` is required. */
export interface ClientOptions {
  /** The id of the project, `P…`, from the console. */
  projectId: string
  /**
   * The address of the service. Plain `http:` only for loopback.
   * @default the service's address for the region of the project id
   */
  baseUrl?: string | undefined
  /**
   * Accept a plain `http:` base URL of another machine, such as an emulator in another container.
   * @default false
   */
  dangerouslyAllowHttp?: boolean | undefined
  /** Sent with every call, for projects that protect their authentication endpoints with a key. */
  authManagementKey?: string | undefined
  /**
   * The project's public keys, as a JWK, a JWKS, or the JSON of one. No key is fetched then.
   * @default fetched from the service and kept fresh
   */
  publicKey?: string | object | undefined
  /**
   * How long fetched keys are used before they are fetched again, in seconds (30 to 3,600). A key that the
   * project no longer publishes is accepted for twice as long at most, but through an outage of the
   * service for a day. @default 300
   */
  keysFreshSeconds?: number | undefined
  /** The deadline of a call, to the last byte of the response, in milliseconds (1 to 600,000). @default 10_000 */
  timeoutMs?: number | undefined
  /**
   * An undici dispatcher, such as a `ProxyAgent`; `close()` does not close it.
   * @default a pool of 48 connections
   */
  dispatcher?: Dispatcher | undefined
  /** Where time comes from. @default the machine's clock */
  clock?: Clock | undefined
  /** The state that several instances share. @default an in-memory store of this client */
  store?: StateStore | undefined
  /**
   * For how many seconds the project's service accepts a refresh token again after it was rotated (5 to
   * 3,600). If it is given, an instance that dies during a refresh delays the user's other requests by
   * three seconds, and one of them repeats the refresh; without it, by `timeoutMs`, and they fail with
   * `ERR_NETWORK`. @default not known
   */
  refreshGraceSeconds?: number | undefined
  /** The service's names of the tokens, in `drn` and in Set-Cookie. @default DS and DSR */
  tokenNames?: { session?: string; refresh?: string } | undefined
  /** How much clocks may differ, in seconds (0 to 300). @default 5 */
  clockToleranceSeconds?: number | undefined
  /**
   * The longest token that is accepted, in characters (1,024 to 65,536). Node itself rejects request
   * headers of more than 16 KiB by default. @default 16_384
   */
  maxTokenLength?: number | undefined
  /** The exact issuers to accept. @default the project id, or a URL that ends in it */
  issuers?: readonly string[] | undefined
  /** The audiences to accept, one of which a token must name. @default not checked */
  audience?: string | readonly string[] | undefined
  /** Signature algorithms to accept (RFC 7518), asymmetric ones only. @default RS256, RS384, ES256, ES384 */
  algorithms?: readonly string[] | undefined
  /**
   * The cache of verified tokens, which accepts a token from its second use until it expires, and forgets
   * one that was not used for two minutes; `false` verifies every time. 10,000 sessions take 17 to 27 MiB.
   * @default 10,000 tokens, 32 MiB
   */
  cache?: false | { maxEntries?: number; maxBytes?: number } | undefined
  /**
   * Reject session tokens after a logout, on every instance within a second. `onStoreError` says whether
   * tokens are denied or allowed while the store is unavailable. @default off
   */
  revocation?: { onStoreError: 'deny' | 'allow' } | undefined
  /** Gets one line per request to the service, without tokens, addresses or bodies. @default none */
  logger?: Logger | undefined
}

/** The number of the format that a test writes; not for apps. @default that of this release */
export const formatOption: unique symbol = Symbol('format')

/** Options with every default applied, as the modules read them. */
export type Config = ReturnType<typeof resolveOptions>

/** The service's names of the tokens: the values of `drn`. */
export interface TokenNames {
  readonly session: string
  readonly refresh: string
}

/** The algorithms that `algorithms` may contain (RFC 7518 section 3.1, RFC 8037). */
export const asymmetricAlgorithms: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
]

// An object, so that the compiler detects a missing option.
const clientOptions = Object.keys({
  projectId: true,
  baseUrl: true,
  dangerouslyAllowHttp: true,
  authManagementKey: true,
  publicKey: true,
  keysFreshSeconds: true,
  timeoutMs: true,
  dispatcher: true,
  clock: true,
  store: true,
  refreshGraceSeconds: true,
  tokenNames: true,
  clockToleranceSeconds: true,
  maxTokenLength: true,
  issuers: true,
  audience: true,
  algorithms: true,
  cache: true,
  revocation: true,
  logger: true,
} satisfies Record<keyof ClientOptions, true>)

const storeName = 'store, such as redisStore(client) of @linkpass/redis,'
const storeMethods = [
  ...(['get', 'getMany', 'set', 'setIfAbsent', 'replaceIf', 'deleteIf', 'delete'] as const),
  ...(['increment', 'append', 'readFrom'] as const),
] as const

/**
 * Checks and copies the options, and applies every default.
 *
 * @throws {TypeError} an option is invalid; the message names it and the fix
 */
export function resolveOptions(options: ClientOptions & { readonly [formatOption]?: number }) {
  checkOption(
    typeof options === 'object' && options !== null,
    'createDescopeClient needs an options object, such as { projectId: "P…" }.',
  )
  onlyKnown('createDescopeClient', options, clientOptions)
  const { projectId } = options
  checkOption(
    isProjectId(projectId),
    'projectId must be the id from the console: "P" and 27 to 40 letters and digits.',
  )
  const clock = withMethods('clock', options.clock, 'now', 'monotonic', 'sleep') ?? systemClock
  const { audience, clockToleranceSeconds, refreshGraceSeconds } = options
  return Object.freeze({
    projectId,
    baseUrl: baseUrlOf(options, projectId),
    authManagementKey: optionalText('authManagementKey', options.authManagementKey),
    publicKey: options.publicKey,
    keysFreshSeconds: inRange('keysFreshSeconds', options.keysFreshSeconds, 300, 30, 3600),
    timeoutMs: deadlineMs(options.timeoutMs),
    dispatcher: dispatcherOf(options.dispatcher),
    clock,
    store: withMethods(storeName, options.store, ...storeMethods) ?? memoryStore({ clock }),
    refreshGraceSeconds: inRange('refreshGraceSeconds', refreshGraceSeconds, undefined, 5, 3600),
    tokenNames: tokenNamesOf(options.tokenNames),
    clockToleranceSeconds: inRange('clockToleranceSeconds', clockToleranceSeconds, 5, 0, 300),
    maxTokenLength: inRange('maxTokenLength', options.maxTokenLength, 16_384, 1024, 65_536),
    issuers: textList('issuers', options.issuers),
    audience: textList('audience', typeof audience === 'string' ? [audience] : audience),
    algorithms: algorithmsOf(options.algorithms),
    cache: cacheOf(options.cache),
    revocation: revocationOf(options.revocation),
    logger: withMethods('logger', options.logger, 'debug', 'warn'),
    // The number of the format of sealed and stored values.
    format: options[formatOption] ?? currentFormat,
  })
}

function dispatcherOf(value: Dispatcher | undefined): Dispatcher | undefined {
  const dispatcher = withMethods('dispatcher', value, 'dispatch')
  // Before undici 7, dispatchers have this member and take other handlers.
  if (dispatcher === undefined || !('interceptors' in dispatcher)) return dispatcher
  throw new TypeError(
    'dispatcher is of an older undici, such as the one in Node 20 and 22. Make it with undici 7.',
  )
}

function tokenNamesOf(value: ClientOptions['tokenNames']): TokenNames {
  if (value !== undefined) onlyKnown('tokenNames', value, ['session', 'refresh'])
  const { session = 'DS', refresh = 'DSR' } = value ?? {}
  const names = { session, refresh }
  for (const [key, name] of Object.entries(names)) {
    const isName = isCookieName(name)
    checkOption(isName, `tokenNames.${key} must be a cookie name (RFC 6265), such as "DS".`)
  }
  checkOption(session !== refresh, 'tokenNames.session and tokenNames.refresh must differ.')
  return Object.freeze(names)
}

function algorithmsOf(value: unknown): readonly string[] {
  const list = textList('algorithms', value) ?? ['RS256', 'RS384', 'ES256', 'ES384']
  const areKnown = list.every((name) => asymmetricAlgorithms.includes(name))
  checkOption(areKnown, `algorithms may contain only ${asymmetricAlgorithms.join(', ')}.`)
  return Object.freeze(list)
}

function cacheOf(value: ClientOptions['cache']) {
  if (value === false) return undefined
  if (value !== undefined) onlyKnown('cache', value, ['maxEntries', 'maxBytes'])
  return Object.freeze({
    maxEntries: inRange('cache.maxEntries', value?.maxEntries, 10_000, 1, 10_000_000),
    maxBytes: inRange('cache.maxBytes', value?.maxBytes, 32 * 1024 * 1024, 1024, 2 ** 40),
  })
}

function revocationOf(value: ClientOptions['revocation']): ClientOptions['revocation'] {
  if (value === undefined) return undefined
  onlyKnown('revocation', value, ['onStoreError'])
  const { onStoreError } = value
  const isKnown = onStoreError === 'deny' || onStoreError === 'allow'
  checkOption(isKnown, 'revocation.onStoreError must be "deny" or "allow".')
  return Object.freeze({ onStoreError })
}
