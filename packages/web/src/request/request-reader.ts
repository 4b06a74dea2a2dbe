import { readCookie } from './credentials.ts'

/**
 * How a framework's requests are read. An adapter brings one such object; `R` is the framework's own
 * request type, so that a guard allocates no wrapper and copies no headers.
 */
export interface RequestReader<R extends object> {
  method(request: R): string
  /** Path and query as the client sent them. In Express `originalUrl`, since `url` lacks the mount. */
  target(request: R): string
  /** One header by its lower-case name; several of that name are joined (RFC 9110 section 5.3). */
  header(request: R, name: string): string | undefined
  /** The address of the client, as far as the framework was told which proxies to trust. */
  ip(request: R): string | undefined
  /** What the app must do so that `ip` is the client's own address; undefined where it seems to be. */
  ipFix(request: R): string | undefined
  /** What a body parser of the app left; undefined where none has read the body. */
  parsedBody(request: R): { readonly value: unknown } | undefined
  /** The chunks of an unread body. Ending the loop early must leave the connection open. */
  chunks(request: R): AsyncIterable<Uint8Array>
  /** Aborts when the client has closed the connection. */
  closed(request: R): AbortSignal
}

/** What the pure decisions about a request read: its method, and headers by lower-case name. */
export interface RequestFacts {
  readonly method: string
  readonly header: (name: string) => string | undefined
}

export interface RouteRequest extends RequestFacts {
  /** The framework's own request, for hooks of the app. */
  readonly request: object
  readonly target: string
  /** The value of one cookie; undefined when it is absent, empty or came with two values. */
  readonly cookie: (name: string) => string | undefined
}

/** What a request of the framework says, and `context` beside it. */
export function withRequest<Context extends { readonly read: RequestReader<object> }>(
  context: Context,
  request: object,
): Context & RouteRequest {
  const { read } = context
  const header = (name: string): string | undefined => read.header(request, name)
  return {
    ...context,
    request,
    method: read.method(request),
    target: read.target(request),
    header,
    cookie: (name) => readCookie(header('cookie') ?? '', name) || undefined,
  }
}

/** Whether the method promises to change nothing (RFC 9110 section 9.2.1). */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

export function queryOf(target: string): URLSearchParams {
  const mark = target.indexOf('?')
  return new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1))
}
