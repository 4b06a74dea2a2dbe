/**
 * What the decisions of this folder read of a request: the method, and headers by lower-case name.
 * A request of `node:http`, and so of Express, is one.
 */
export interface RequestFacts {
  readonly method?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** One header as text; several of one name joined as RFC 9110 section 5.3 has it; else `''`. */
export function headerOf(request: RequestFacts, name: string): string {
  const value = request.headers[name]
  if (value === undefined) return ''
  return typeof value === 'string' ? value : value.join(', ')
}

/** Whether the method promises to change nothing (RFC 9110 section 9.2.1). */
export function isSafeMethod(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
