import type { ServiceTime } from '../clock.ts'
import { RequestError, type RequestErrorCode } from '../errors.ts'
import { requestEnded, requestFailed, requestStarted } from '../events.ts'
import { parseJson } from '../jwt/json.ts'
import { type Logger, log } from '../log.ts'
import type { Config } from '../options.ts'
import { failed, notLoaded, type Result } from '../result.ts'
import type { EndpointName, Endpoints, Responses } from './endpoints.ts'
import type { Limits } from '../on-abort.ts'
import type { WireResponse } from './exchange.ts'
import { readResponse } from './read-response.ts'
import { aborted, invalidResponse, isWorthRetrying, timedOut } from './request-error.ts'
import { serviceError } from './service-error.ts'
import { createTransport, type Lane, type Transport, type WireRequest } from './transport.ts'

export interface CallRequest {
  /** The token the call is made with: a refresh token, or the access key to exchange. */
  readonly token?: string | undefined
  /** A secret in the body, which must not be printed if the service quotes it. */
  readonly secret?: string
  /** The fields of the body, for a POST; a member that is undefined is not sent. */
  readonly body?: object
}

/** Makes one call, with its limits already set; never rejects. */
export type Call = <Name extends EndpointName>(
  name: Name,
  request: CallRequest,
) => Promise<Result<Responses[Name]>>

/** The service, as the rest of the client uses it. No connection is opened before the first call. */
export class Service {
  readonly #config: Config
  readonly #transport: Transport
  readonly #observeTime: ServiceTime['observe']

  constructor(config: Config, transport: Transport, observeTime: ServiceTime['observe']) {
    this.#config = config
    this.#transport = transport
    this.#observeTime = observeTime
  }

  async call<Name extends EndpointName>(
    name: Name,
    request: CallRequest,
    limits: Limits,
  ): Promise<Result<Responses[Name]>> {
    const config = this.#config
    try {
      const endpoint = (await loadEndpoints())[name]
      const { method, path } = endpoint
      const body = method === 'POST' ? writeJson(request.body ?? {}) : null
      const sent = { method, path, token: request.token, body, lane: laneOf(name, request) }
      const response = await this.#send(name, sent, limits)
      if (response.status < 400) return readResponse(endpoint, response, config.tokenNames)
      const error = serviceError(response, secretsOf(request, config), config.clock.now())
      return { ok: false, code: response.status, error }
    } catch (error) {
      if (error instanceof RequestError) return failed(error)
      throw error
    }
  }

  /**
   * The project's key set as parsed JSON, not validated.
   *
   * @throws {RequestError} no usable response
   * @throws {ServiceError} an error response
   */
  async fetchKeys(limits: Limits): Promise<unknown> {
    const config = this.#config
    const path = `/v2/keys/${config.projectId}`
    const request = { method: 'GET', path, body: null, lane: 'urgent' } as const
    const response = await this.#send('keys', request, limits)
    if (response.status >= 400) {
      throw serviceError(response, secretsOf({}, config), config.clock.now())
    }
    const keySet = response.status < 300 ? parseJson(response.body) : undefined
    if (keySet === undefined) throw invalidResponse('is not a key set')
    return keySet
  }

  /** Learns the service's time from a refresh without a token, which it rejects at once. Rejects if that fails. */
  async measure(limits: Limits): Promise<void> {
    const path = '/v1/auth/refresh'
    const request = { method: 'POST', path, body: '{}', lane: 'urgent' } as const
    await this.#send('refresh', request, limits)
  }

  async warmUp(): Promise<void> {
    await loadEndpoints()
  }

  close(): Promise<void> {
    return this.#transport.close()
  }

  async #send(endpoint: string, request: WireRequest, limits: Limits): Promise<WireResponse> {
    const { signal } = limits
    const endsAt = performance.now() + limits.timeoutMs
    for (let attempt = 1; ; attempt += 1) {
      const timeoutMs = attempt === 1 ? limits.timeoutMs : endsAt - performance.now()
      if (signal?.aborted) throw aborted(signal.reason, false)
      if (timeoutMs <= 0) throw timedOut(false)
      const observation = observe(endpoint, attempt, this.#config.logger)
      try {
        const response = await this.#transport.send(request, { timeoutMs, signal })
        observation.ended(response.status)
        this.#readTime(request.method, response)
        return response
      } catch (error) {
        // The transport rejects with a RequestError; anything else is a bug.
        if (!(error instanceof RequestError)) throw error
        observation.failed(error.code)
        if (!isWorthRetrying(request.method, attempt, error)) throw error
      }
    }
  }

  // Not of a GET, which a cache may have stored (RFC 9111 section 4.2.3).
  #readTime(method: string, { headers: { date, age } }: WireResponse): void {
    if (method !== 'POST' || typeof date !== 'string' || age !== undefined) return
    const sentAt = Date.parse(date)
    if (!Number.isNaN(sentAt)) this.#observeTime(sentAt)
  }
}

export async function createService(
  config: Config,
  observeTime: ServiceTime['observe'],
): Promise<Service> {
  return new Service(config, await createTransport(config), observeTime)
}

let lastRequestId = 0

/** Reports the start of a request; what it returns reports the end. */
function observe(endpoint: string, attempt: number, logger: Logger | undefined) {
  lastRequestId += 1
  const event = { requestId: lastRequestId, endpoint, attempt }
  const startedAt = performance.now()
  requestStarted.publish(event)
  return {
    ended(status: number): void {
      const durationMs = performance.now() - startedAt
      requestEnded.publish({ ...event, status, durationMs })
      if (logger === undefined) return
      const level = status >= 500 || status === 429 ? 'warn' : 'debug'
      log(logger, level, `${endpoint} returned ${status} in ${Math.round(durationMs)} ms`)
    },
    failed(code: RequestErrorCode): void {
      const durationMs = performance.now() - startedAt
      requestFailed.publish({ ...event, code, durationMs })
      log(logger, 'warn', `${endpoint} failed with ${code} after ${Math.round(durationMs)} ms`)
    },
  }
}

function laneOf(name: EndpointName, { token }: CallRequest): Lane {
  if (name === 'refresh') return 'urgent'
  return token === undefined || name === 'exchangeAccessKey' ? 'anyone' : 'user'
}

let loading: Promise<Endpoints> | undefined

// The endpoints load zod, which a process that only verifies tokens never needs.
function loadEndpoints(): Promise<Endpoints> {
  loading ??= import('./endpoints.ts')
    .then(({ endpoints }) => endpoints)
    .catch((error: unknown) => {
      // The next call tries again.
      loading = undefined
      throw notLoaded(error)
    })
  return loading
}

function writeJson(body: object): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    // A cycle or a bigint in the caller's arguments, such as the custom claims.
    const message = 'The arguments cannot be written as JSON.'
    throw new RequestError('ERR_ARGUMENT', message, { argument: 'body', cause })
  }
}

/** What an error must not repeat: every text of the request, the longest first. */
function secretsOf({ token, secret, body }: CallRequest, { authManagementKey }: Config): string[] {
  const secrets = [token, secret, authManagementKey].flatMap((text) => text || [])
  const texts = [...secrets, ...textsIn(body)]
  return texts.toSorted((one, other) => other.length - one.length)
}

// Shorter ones are words of any text, such as a locale.
const shortestText = 6

function textsIn(value: unknown): string[] {
  // A phone number may be quoted without its plus sign.
  if (typeof value === 'string')
    return value.length < shortestText ? [] : [value.replace(/^\+/, '')]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
