import { randomUUID } from 'node:crypto'
import { startEmulator } from '@linkpass/emulator'

/** A raw response, for what is checked below the SDKs. */
export interface RawResponse {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** One request to the service that an SDK made and that was answered with success. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
}

/** An endpoint, its parameters spelled `:name`. */
export interface SupportedEndpoint {
  readonly method: string
  readonly path: string
}

/** What the cases run against. The live service and the emulator are the same to them. */
export interface Backend {
  readonly kind: 'emulator' | 'live'
  readonly projectId: string
  /** Undefined: the service's own address. */
  readonly baseUrl: string | undefined
  readonly managementKey: string
  /** Where links lead; it must be approved where domains are. */
  readonly redirectUrl: string
  /** A login id that nobody has. */
  newLoginId(): string
  /** POSTs as no SDK would; `credential` is what follows the project id in the bearer. */
  post(path: string, body: unknown, credential?: string): Promise<RawResponse>
  /** The token of the newest link that was sent to an address; only the emulator can tell. */
  sentToken(to: string): string
  /** The requests the SDKs made since the last time; only the emulator can tell. */
  takeRequests(): readonly SeenRequest[]
  endpoints(): Promise<readonly SupportedEndpoint[]>
  close(): Promise<void>
}

/** A fresh emulator. */
export async function emulatorBackend(): Promise<Backend> {
  const emulator = await startEmulator()
  const { projectId, url, managementKey } = emulator
  let seen = 0
  return {
    kind: 'emulator',
    projectId,
    baseUrl: url,
    managementKey,
    redirectUrl: 'http://localhost:3000/auth/verify',
    newLoginId,
    post: poster(url, projectId),
    sentToken: (to) => {
      const [message] = emulator.inbox.list({ to })
      const link = message?.links.find(({ number }) => number === message.linkId)
      if (link === undefined) throw new Error('No message was sent there.')
      return link.token
    },
    takeRequests: () => {
      const all = emulator.requests().toReversed()
      const fresh = all.slice(seen).filter(({ sdk, status }) => sdk && status === 200)
      seen = all.length
      return fresh
    },
    endpoints: async () => {
      const response: unknown = await (await fetch(`${url}/_emulator/endpoints`)).json()
      if (!Array.isArray(response)) throw new Error('The emulator lists no endpoints.')
      return response.map((one: unknown) => ({
        method: String(Object(one).method),
        path: String(Object(one).path),
      }))
    },
    close: () => emulator.close(),
  }
}

/**
 * The live service, for a project set aside for it. Nothing is mailed: people are test users, whose
 * links the management API hands out.
 * Undefined when the environment does not name a project and its management key.
 */
export function liveBackend(environment: NodeJS.ProcessEnv): Backend | undefined {
  const projectId = environment['DESCOPE_PROJECT_ID']
  const managementKey = environment['DESCOPE_MANAGEMENT_KEY']
  if (!projectId || !managementKey) return undefined
  const baseUrl = environment['DESCOPE_BASE_URL'] || undefined
  return {
    kind: 'live',
    projectId,
    baseUrl,
    managementKey,
    redirectUrl: environment['CONFORMANCE_REDIRECT_URL'] ?? 'http://localhost:3000/auth/verify',
    newLoginId,
    post: poster(baseUrl ?? regionalUrl(projectId), projectId),
    sentToken: () => {
      throw new Error('What the live service sends cannot be read.')
    },
    takeRequests: () => [],
    endpoints: async () => [],
    close: async () => undefined,
  }
}

function newLoginId(): string {
  return `conformance+${randomUUID()}@example.com`
}

// The rule of the service's own SDKs: ids of 32 characters and more carry their region.
function regionalUrl(projectId: string): string {
  return projectId.length < 32
    ? 'https://api.descope.com'
    : `https://api.${projectId.slice(1, 5)}.descope.com`
}

function poster(baseUrl: string, projectId: string): Backend['post'] {
  return async (path, body, credential) => {
    const bearer = credential === undefined ? projectId : `${projectId}:${credential}`
    const response = await fetch(baseUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const parsed: unknown = await response.json().catch(() => ({}))
    const isObject = typeof parsed === 'object' && parsed !== null
    return { status: response.status, body: isObject ? { ...parsed } : {} }
  }
}
