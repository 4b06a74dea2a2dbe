import type { RequestReader } from '../src/request/request-reader.ts'

/** Reads requests of which only the header `Cookie` is known. */
export const reader: RequestReader<object> = {
  method: () => 'POST',
  target: () => '/auth/logout',
  header: (request, name) =>
    name === 'cookie' && 'cookie' in request ? String(request.cookie) : undefined,
  ip: () => undefined,
  ipFix: () => undefined,
  parsedBody: () => undefined,
  chunks: async function* () {},
  closed: () => new AbortController().signal,
}
