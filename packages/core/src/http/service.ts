import { RequestError } from '../errors.ts'
import type { Config } from '../options.ts'
import type { Result } from '../result.ts'
import { observe } from './diagnostics.ts'
import type { Responses, EndpointName, Endpoints } from './endpoints.ts'
import type { Limits, WireResponse } from './exchange.ts'
import { aborted, timedOut, unusable } from './request-error.ts'
import { parseJson } from './parse-json.ts'
import { readResponse } from './read-response.ts'
import { refusal } from './service-error.ts'
import { requestHeaders } from './request-headers.ts'
import { isWorthRetrying } from './retry.ts'
import { createTransport, type WireRequest } from './transport.ts'

/** What a call carries. */
export interface CallRequest {
  /** Who it is made for: a refresh token, or the access key to exchange. */
  readonly token?: string | undefined
  /** What in the body must not be printed, should the service quote it. */
  readonly secret?: string
  /** The fields of the body, for a POST; a member that is undefined is not sent. */
  readonly body?: object
}

/** Makes one call within limits that are already settled; never rejects. */
export type Call = <Name extends EndpointName>(
  name: Name,
  request: CallRequest,
) => Promise<Result<Responses[Name]>>

/** The service, as the rest of the client sees it. */
export interface Service {
  /** Makes one call; never rejects. */
  call<Name extends EndpointName>(
    name: Name,
    request: CallRequest,
    limits: Limits,
  ): Promise<Result<Responses[Name]>>
  /**
   * The project's key set as parsed JSON, unchecked.
   *
   * @throws {RequestError} no usable answer came
   * @throws {ServiceError} the service refused
   */
  fetchKeys(limits: Limits): Promise<unknown>
  /** Loads what the first call would load. */
  warmUp(): Promise<void>
  /** Lets calls under way finish, then releases the connections. */
  close(): Promise<void>
}

let loading: Promise<Endpoints> | undefined

// The endpoints bring zod, which a process that only checks tokens, and fetches keys, never needs.
function loadEndpoints(): Promise<Endpoints> {
  loading ??= import('./endpoints.ts').then(({ endpoints }) => endpoints)
  return loading
}

/** Wires the transport, the table of endpoints and the reading of answers into one `call`. */
export async function createService(config: Config): Promise<Service> {
  const transport = await createTransport(config)

  async function exchange(
    endpoint: string,
    request: WireRequest,
    limits: Limits,
  ): Promise<WireResponse> {
    const endsAt = performance.now() + limits.timeoutMs
    for (let attempt = 1; ; attempt += 1) {
      const timeoutMs = attempt === 1 ? limits.timeoutMs : endsAt - performance.now()
      if (limits.signal?.aborted) throw aborted(limits.signal.reason, false)
      if (timeoutMs <= 0) throw timedOut(false)
      const observation = observe(endpoint, attempt, config.logger)
      try {
        const answer = await transport.send(request, { timeoutMs, signal: limits.signal })
        observation?.answered(answer.status)
        return answer
      } catch (error) {
        // The transport rejects with nothing else; anything but that is a mistake of ours.
        if (!(error instanceof RequestError)) throw error
        observation?.failed(error.code)
        if (!isWorthRetrying(request.method, attempt, error)) throw error
      }
    }
  }

  return {
    call: async (name, request, limits) => {
      const endpoint = (await loadEndpoints())[name]
      const { method, path } = endpoint
      const headers = requestHeaders(config, request.token, method === 'POST')
      try {
        const body = method === 'POST' ? writeJson(request.body ?? {}) : null
        const answer = await exchange(name, { method, path, headers, body }, limits)
        if (answer.status < 400) return readResponse(endpoint, answer, config.tokenNames)
        const error = refusal(answer, secretsOf(request, config), config.clock.now())
        return { ok: false, code: answer.status, error }
      } catch (error) {
        if (error instanceof RequestError) return { ok: false, code: 0, error }
        throw error
      }
    },
    fetchKeys: async (limits) => {
      const path = `/v2/keys/${config.projectId}`
      const headers = requestHeaders(config, undefined, false)
      const answer = await exchange('keys', { method: 'GET', path, headers, body: null }, limits)
      const secrets = secretsOf({}, config)
      if (answer.status >= 400) throw refusal(answer, secrets, config.clock.now())
      const keySet = answer.status < 300 ? parseJson(answer.body) : undefined
      if (keySet === undefined) throw unusable('is not a key set')
      return keySet
    },
    warmUp: async () => {
      await loadEndpoints()
    },
    close: () => transport.close(),
  }
}

function writeJson(body: object): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    // A cycle or a bigint in what the caller gave, such as the custom claims.
    const message = 'The arguments must be values that JSON can hold.'
    throw new RequestError('ERR_ARGUMENT', message, { argument: 'body', cause })
  }
}

function secretsOf({ token, secret }: CallRequest, { authManagementKey }: Config): string[] {
  return [token, secret, authManagementKey].filter((text) => text !== undefined)
}
