import type { Failure } from '@linkpass/web'
import type { Request } from 'express'

/** The fields of a form or of a flat JSON object, or what is wrong with the body. */
export type Body =
  | { readonly ok: true; readonly fields: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly failure: Failure }

const maxBytes = 16 * 1024

/**
 * Reads a small body: a form, a flat JSON object of strings, or nothing. Anything else is refused
 * with the field's name: a second value for a field, a nested object, a field not in `allowed`.
 *
 * Works before and after the app's own body parsers. Whether one of them read this body is told by
 * the stream, because Express 4's parsers leave `{}` for a type they skipped.
 */
export async function readBody(req: Request, allowed: readonly string[]): Promise<Body> {
  const parsed = req.readableDidRead ? asData(req.body) : await readStream(req)
  if (parsed.failure !== undefined) return refused(parsed.failure)
  const entries = entriesOf(parsed.data)
  if (entries === undefined) return refused({ kind: 'bad-request' })
  const fields = new Map<string, string>()
  for (const [name, value] of entries) {
    if (!allowed.includes(name) || typeof value !== 'string' || fields.has(name)) {
      return refused({ kind: 'bad-request', field: name })
    }
    fields.set(name, value)
  }
  return { ok: true, fields }
}

interface Parsed {
  readonly data?: unknown
  readonly failure?: Failure
}

function refused(failure: Failure): Body {
  return { ok: false, failure }
}

// What a parser of the app left: an object, or the text if it was asked to keep that.
function asData(body: unknown): Parsed {
  return { data: body ?? {} }
}

async function readStream(req: Request): Promise<Parsed> {
  const encoding = req.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') return { failure: { kind: 'unsupported-body' } }
  const bytes = await collect(req)
  if (bytes === undefined) return { failure: { kind: 'bad-request' } }
  if (bytes.length > maxBytes) return { failure: { kind: 'body-too-large' } }
  if (bytes.length === 0) return asData(req.body)
  return parse(mediaType(req), bytes.toString('utf8'))
}

/** The whole body, or its beginning once it is too long; undefined when the sender left. */
async function collect(req: Request): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // Not `for await (… of req)`: leaving that early closes the connection, and no answer gets out.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes > maxBytes) break
    }
  } catch {
    return undefined
  }
  // What is left flows by unread, because a sender hears no answer before it has sent everything.
  req.resume()
  return Buffer.concat(chunks)
}

function parse(type: string, text: string): Parsed {
  if (type === 'application/x-www-form-urlencoded') return { data: new URLSearchParams(text) }
  if (type !== 'application/json') return { failure: { kind: 'unsupported-body' } }
  try {
    return { data: JSON.parse(text) }
  } catch {
    return { failure: { kind: 'bad-request' } }
  }
}

function mediaType(req: Request): string {
  const [type = ''] = (req.headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase()
}

function entriesOf(data: unknown): Iterable<readonly [string, unknown]> | undefined {
  if (data instanceof URLSearchParams) return data
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
  return Object.entries(data)
}

/** Whether the answer should be a page or a redirect: a browser's form, and not script. */
export function wantsPage(req: Request): boolean {
  return req.headers.accept?.includes('text/html') ?? false
}
