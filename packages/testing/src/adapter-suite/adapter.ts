/** What an adapter brings to the suite: a way to start an app that is described as data. */
import type {
  AuthOutcome,
  ClientOptions,
  DescopeClient,
  HistoryEntry,
  MyTenants,
  Result,
  Session,
  User,
} from '@linkpass/core'
import type { Emulator, EmulatorOptions } from '@linkpass/emulator'
import type { Duplex } from 'node:stream'
import type { Browser } from '../browser.ts'
import type { TestRequest, WebOptions } from './web-options.ts'

/** An adapter of one framework, in one version. */
export interface TestAdapter {
  /** Names it in the titles of tests, such as `Express 5`. */
  readonly name: string
  /** Whether its routers tell `/Auth` from `/auth`. Then the routes do, too. @default false */
  readonly pathsKeepCase?: boolean
  /** Starts an app on a free port, usually by `startTestApp`. */
  start(options?: TestAppOptions): Promise<TestApp>
}

/** An app: the options of its parts, and its own routes. */
export interface TestAppOptions extends WebOptions {
  /** The host of the app's address; one below `.localhost` has siblings. @default 'localhost' */
  readonly host?: string
  readonly client?: Partial<ClientOptions>
  /** The options of the emulator, which tests of a process with the same options share. @default none */
  readonly emulator?: EmulatorOptions
  /** Routes after those of sign-in; `GET /me` (guarded) and `GET /` always exist. */
  readonly routes?: readonly TestRoute[]
  /** Whether the app has `GET /me`. @default true */
  readonly hasMe?: boolean
  /** A guard in front of everything, including the routes of sign-in. */
  readonly guardFirst?: 'optional'
  /** Whether the address of a client is the last of X-Forwarded-For, as one proxy adds it. */
  readonly isBehindProxy?: boolean
}

/** One route of the app. */
export interface TestRoute {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'ALL'
  /** A path with `:name` for its named parts, or `*` for any path and method. */
  readonly path: string
  /** The guards in front of it, in order. @default none */
  readonly guards?: readonly TestGuard[]
  readonly respond: (call: TestCall) => TestResponse | Promise<TestResponse>
}

/**
 * `optional` is `optionalSession()`, `required` is `requireSession()`, an object is
 * `requireSession()` with these options. `standalone` is `requireSession(client)`, and
 * `standalone-with-cookies` is the same with the cookies of the app.
 */
export type TestGuard =
  | 'optional'
  | 'required'
  | 'standalone'
  | 'standalone-with-cookies'
  | TestGuardOptions

/** The options of a guard, in the terms of no framework. */
export interface TestGuardOptions {
  readonly roles?: readonly string[] | { readonly any: readonly string[] }
  readonly permissions?: readonly string[] | { readonly any: readonly string[] }
  readonly stepUp?: boolean | { readonly maxAgeSeconds: number }
  readonly tenant?: string | ((request: TestRequest) => string | undefined)
  readonly onSignedOut?: 'auto' | 'json' | 'redirect'
  readonly cacheControl?: string | false
}

/** What a route has to make its response of. */
export interface TestCall {
  readonly request: TestRequest
  readonly client: DescopeClient
  /** The session that a guard found. */
  readonly session: Session | undefined
  /** What a guard found out. */
  readonly outcome: AuthOutcome | undefined
  /** Aborts once the session has ended. */
  readonly ended: () => AbortSignal
  /** The body, which nothing has read yet. */
  readonly text: () => Promise<string>
  /** What the signed-in user may ask of the service; its cookies are set on this response. */
  readonly account: () => TestAccount
  /** Prepares a link of the app's own; sets its cookie on this response. */
  readonly prepareLink: (options?: Record<string, unknown>) => string
}

/** A WebSocket that an adapter lets in, or refuses. */
export type TestUpgrade =
  | { readonly session: Session; readonly ended: () => AbortSignal }
  | { readonly refuse: (socket: Duplex) => void }

/** What `auth.account` has on every adapter. */
export interface TestAccount {
  readonly me: () => Promise<Result<User>>
  readonly tenants: () => Promise<Result<MyTenants>>
  readonly history: () => Promise<Result<readonly HistoryEntry[]>>
  readonly selectTenant: (tenantId: string) => Promise<Result<Session>>
}

/** A response: a string is sent as HTML, anything else as JSON. */
export interface TestResponse {
  /** @default 200 */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What the browser's cookies are called. */
export interface TestCookieNames {
  readonly session: string
  readonly refresh: string
  readonly attempt: string
  readonly pending: string
}

/** A WebSocket that was opened, or refused with a status. */
export interface TestSocket extends Disposable {
  readonly status: number
  /** What the server sent first, or the body of its refusal. */
  readonly received: string
  /** Resolves to the code that the server closed the socket with. */
  readonly closed: Promise<number>
}

/** A running app. */
export interface TestApp extends AsyncDisposable {
  /** The app's address, as browsers know it. */
  readonly origin: string
  /** Where this instance listens, whatever the app's address is. */
  readonly address: string
  readonly emulator: Emulator
  readonly client: DescopeClient
  /** What the browser's cookies are called. */
  readonly cookieNames: TestCookieNames
  /** A new browser, on the emulator's clock. */
  browser(): Browser
  /** Opens a WebSocket, whose server sends the user's id, and closes it with 4401 once the session ends. */
  socket(headers?: Readonly<Record<string, string>>): Promise<TestSocket>
  /** The number of requests for this path that the emulator received. */
  calls(path: string): number
  /** The number of requests for this path of the app that have no end yet. */
  openRequests(path: string): number
  /** Signs a user in: requests a link and opens it in the same browser. */
  signIn(browser: Browser, address?: string): Promise<void>
  /** The path and query of the next link sent to an address. */
  linkFor(to: string): Promise<string>
  /** Resolves once the app sleeps for this long: then the test may advance the clock. */
  asleep(ms: number): Promise<void>
  /** Ends long polls, as an app does before it stops. */
  endLongPolls(): void
}
