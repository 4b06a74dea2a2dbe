import { type Emulator, startEmulator } from '../src/index.ts'
import type { EmulatorOptions } from '../src/options.ts'

/** The fields of all responses of the service that these tests read. */
export interface Body {
  sessionJwt: string
  refreshJwt: string
  firstSeen: boolean
  sessionExpiration: number
  cookieMaxAge: number
  cookieExpiration: number
  errorCode: string
  errorDescription: string
  errorMessage: string
  linkId: string
  pendingRef: string
  maskedEmail: string
  maskedPhone: string
  loginId: string
  link: string
  token: string
  jwt: string
  claims: Record<string, unknown>
  keyId: string
  key: { id: string }
  cleartext: string
  keys: Record<string, string>[]
  user: User
  tenants: { id: string; name: string; customAttributes: object }[]
}

interface User {
  userId: string
  loginIds: string[]
  email: string
  phone: string
  verifiedEmail: boolean
  verifiedPhone: boolean
}

export interface Reply {
  status: number
  headers: Headers
  /** The raw body. */
  text: string
  body: Body
}

/** The options of a request. The defaults are what most tests need. */
interface RequestOptions {
  /** The parts of the bearer after the project id. */
  token?: string | undefined
  projectId?: string
  headers?: Record<string, string>
  method?: string
}

/** Sends requests to an emulator as an SDK does: bearer, JSON request, JSON response. */
export interface Service {
  readonly emulator: Emulator
  post: (path: string, body?: unknown, options?: RequestOptions) => Promise<Reply>
  get: (path: string, options?: RequestOptions) => Promise<Reply>
  /** Requests a link by email, redeems it, and returns the session. */
  signIn: (loginId: string) => Promise<Body>
}

export async function startService(options: EmulatorOptions = {}): Promise<Service> {
  return serviceOf(await startEmulator(options))
}

export function serviceOf(emulator: Emulator): Service {
  async function request(
    method: string,
    path: string,
    body: unknown,
    options: RequestOptions,
  ): Promise<Reply> {
    const projectId = options.projectId ?? emulator.projectId
    const bearer = options.token === undefined ? projectId : `${projectId}:${options.token}`
    const response = await fetch(emulator.url + path, {
      method: options.method ?? method,
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    // A missing field is undefined, so the assertion of the test that reads it fails.
    const parsed = (text === '' ? {} : JSON.parse(text)) as Body
    return { status: response.status, headers: response.headers, text, body: parsed }
  }

  const post: Service['post'] = (path, body = {}, options = {}) =>
    request('POST', path, body, options)
  return {
    emulator,
    post,
    get: (path, options = {}) => request('GET', path, undefined, options),
    signIn: async (loginId) => {
      const after = emulator.inbox.list()[0]?.id
      await post('/v1/auth/magiclink/signup-in/email', { loginId })
      const mail = await emulator.inbox.waitFor({ to: loginId, after })
      return (await post('/v1/auth/magiclink/verify', { token: mail.links[0]?.token })).body
    },
  }
}
