import { randomUUID } from 'node:crypto'
import { startEmulator } from '@linkpass/emulator'

/** A raw response, for checks without an SDK. */
export interface RawResponse {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** A successful request that an SDK made to the service. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
}

/** An endpoint; its parameters are written `:name`. */
export interface SupportedEndpoint {
  readonly method: string
  readonly path: string
}

/** What the cases run against: the emulator or the live service. */
export interface Backend {
  readonly kind: 'emulator' | 'live'
  readonly projectId: string
  /** Undefined for the service's own address. */
  readonly baseUrl: string | undefined
  readonly managementKey: string
  /** Where links lead. In a project with approved domains, it must be one of them. */
  readonly redirectUrl: string
  /** A login ID that no user has. */
  newLoginId(): string
  /** POSTs without an SDK; `credential` follows the project ID in the Bearer token. */
  post(path: string, body: unknown, credential?: string): Promise<RawResponse>
  /** The token of the newest link sent to an address; known for the emulator alone. */
  sentToken(to: string): string
  /** The requests the SDKs made since the last call; known for the emulator alone. */
  takeRequests(): readonly SeenRequest[]
  endpoints(): Promise<readonly SupportedEndpoint[]>
  close(): Promise<void>
}

/** A new emulator. */
export async function emulatorBackend(): Promise<Backend> {
  const emulator = await startEmulator()
  const { projectId, url, managementKey } = emulator
  let lastSeen: string | undefined
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
      // Newest first; the log keeps the newest 500.
      const all = emulator.requests()
      const known = all.findIndex(({ id }) => id === lastSeen)
      lastSeen = all[0]?.id
      const fresh = known === -1 ? all : all.slice(0, known)
      return fresh.filter(({ sdk, status }) => sdk && status === 200)
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
 * The live service, with a project that is used for nothing else. No message is sent: all users are
 * test users, whose links come from the management API.
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

// As in the service's SDKs: project IDs of 32 characters and more contain their region.
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
