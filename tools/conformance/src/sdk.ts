import nodeSdk from '@descope/node-sdk'
import webSdk from '@descope/web-js-sdk'
import { createDescopeClient } from '@linkpass/core'
import type { Backend } from './backend.ts'

/** A result, as every SDK in the run returns it. */
export interface SdkResponse {
  readonly ok: boolean
  readonly code?: number | undefined
  readonly data?: unknown
  readonly error?: { errorCode?: string; message?: string } | undefined
}

type Call<Args extends unknown[]> = (...args: Args) => Promise<SdkResponse>
// The official types require the redirect URL, although it is optional at run time.
type Start = Call<[loginId: string, uri: string]>
type SignIn = Call<[loginId: string, uri: string, options?: object, token?: string]>
type Update = Call<[loginId: string, address: string, uri: string, token: string]>

interface ByMethod<F> {
  readonly email: F
  readonly sms: F
  readonly whatsapp: F
}

/** The result of a token check. */
export interface CheckedToken {
  readonly jwt: string
  readonly token: { readonly sub?: string }
}

/** An app on React in Chromium, in a browser profile of its own. */
export interface ReactApp {
  /** Calls a function of the object that `useDescope()` returns, such as `magicLink.verify`. */
  readonly call: (path: string, ...args: readonly unknown[]) => Promise<SdkResponse>
  /** Resolves once the app shows this text. */
  readonly shows: (text: string) => Promise<void>
  readonly reload: () => Promise<void>
}

/** The calls that the SDKs share, in a shape that all three have. */
export interface Sdk {
  /** The head of its column in SUPPORTED.md. */
  readonly name: string
  readonly magicLink: {
    readonly signUp: ByMethod<Start>
    readonly signIn: ByMethod<SignIn>
    readonly signUpOrIn: ByMethod<Start>
    readonly verify: Call<[token: string]>
    readonly update: {
      readonly email: Update
      readonly phone: { readonly sms: Update; readonly whatsapp: Update }
    }
  }
  readonly enchantedLink: {
    readonly signUp: Start
    readonly signIn: SignIn
    readonly signUpOrIn: Start
    readonly verify: Call<[token: string]>
    readonly waitForSession: Call<[pendingRef: string]>
    readonly update: { readonly email: Update }
  }
  readonly refresh: Call<[token: string]>
  readonly selectTenant: Call<[tenantId: string, token: string]>
  readonly logout: Call<[token: string]>
  readonly logoutAll: Call<[token: string]>
  readonly me: Call<[token: string]>
  readonly myTenants: Call<[tenants: true | string[], token: string]>
  readonly history: Call<[token: string]>
  readonly exchangeAccessKey: Call<[accessKey: string]>
  /** Only of SDKs for servers. */
  readonly checks?: {
    validateSession(sessionJwt: string): Promise<CheckedToken>
    refreshSession(refreshJwt: string): Promise<CheckedToken>
    validateAndRefreshSession(sessionJwt: string, refreshJwt: string): Promise<CheckedToken>
  }
  /** Only of Next.js: where its middleware redirects a request with these cookies to. */
  readonly middleware?: (cookie: string | undefined) => Promise<string | undefined>
  /** Only of React: opens its app in a browser of its own. */
  readonly openApp?: () => Promise<ReactApp>
  /** Only SDKs for servers have it. */
  readonly management?: ReturnType<typeof nodeSdk>['management']
  close(): Promise<void>
}

/** The SDKs under test, unmodified, created for one run. */
export function createSdks(backend: Backend): readonly Sdk[] {
  const { projectId, baseUrl, managementKey } = backend
  const at = baseUrl === undefined ? {} : { baseUrl }
  const node = nodeSdk({ projectId, managementKey, ...at })
  const web = webSdk({ projectId, ...at })
  const core = createDescopeClient({ projectId, ...at })
  return [
    {
      ...node,
      name: '@descope/node-sdk',
      exchangeAccessKey: (accessKey) => node.accessKey.exchange(accessKey),
      checks: node,
      close: async () => undefined,
    },
    {
      ...web,
      name: '@descope/web-js-sdk',
      exchangeAccessKey: (accessKey) => web.accessKey.exchange(accessKey),
      close: async () => undefined,
    },
    { ...core, name: '@linkpass/core', checks: core, close: () => core.close() },
  ]
}
