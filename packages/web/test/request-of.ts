import type { RequestFacts } from '../src/request/request-reader.ts'

/** A request for the pure decisions; several values of one header are joined as RFC 9110 says. */
export function requestOf(
  method: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): RequestFacts {
  return {
    method,
    header: (name) => {
      const value = headers[name]
      return typeof value === 'object' ? value.join(', ') : value
    },
  }
}
