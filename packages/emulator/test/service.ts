import { type Emulator, startEmulator } from '../src/index.ts'
import type { EmulatorOptions } from '../src/options.ts'

/** The fields of any answer of the service that these tests look at. */
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
  keyId: string
  key: { id: string }
  cleartext: string
  keys: Record<string, string>[]
  user: User
  tenants: { id: string; name: string; customAttributes: object }[]
}

export interface User {
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
  /** The body as it came. */
  text: string
  body: Body
}

/** What a request is made of; everything has the default that most tests want. */
export interface Send {
  /** The parts of the bearer after the project id. */
  token?: string | undefined
  projectId?: string
  headers?: Record<string, string>
  method?: string
}

/** Speaks to an emulator as an SDK would: bearer, JSON in, JSON out. */
export interface Service {
  readonly emulator: Emulator
  post: (path: string, body?: unknown, send?: Send) => Promise<Reply>
  get: (path: string, send?: Send) => Promise<Reply>
  /** Asks for a link by email, opens it, and answers the session. */
  signIn: (loginId: string) => Promise<Body>
}

export async function startService(options: EmulatorOptions = {}): Promise<Service> {
  return serviceOf(await startEmulator(options))
}

export function serviceOf(emulator: Emulator): Service {
  async function request(method: string, path: string, body: unknown, send: Send): Promise<Reply> {
    const projectId = send.projectId ?? emulator.projectId
    const bearer = send.token === undefined ? projectId : `${projectId}:${send.token}`
    const response = await fetch(emulator.url + path, {
      method: send.method ?? method,
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        ...send.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    // A test names the field it expects; one that is not there is undefined and fails it.
    const parsed = (text === '' ? {} : JSON.parse(text)) as Body
    return { status: response.status, headers: response.headers, text, body: parsed }
  }

  const post: Service['post'] = (path, body = {}, send = {}) => request('POST', path, body, send)
  return {
    emulator,
    post,
    get: (path, send = {}) => request('GET', path, undefined, send),
    signIn: async (loginId) => {
      const after = emulator.inbox.list()[0]?.id
      await post('/v1/auth/magiclink/signup-in/email', { loginId })
      const mail = await emulator.inbox.waitFor({ to: loginId, after })
      return (await post('/v1/auth/magiclink/verify', { token: mail.links[0]?.token })).body
    },
  }
}
