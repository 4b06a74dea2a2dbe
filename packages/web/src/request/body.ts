import type { RouteContext } from '../context.ts'
import type { Decision, Failure } from '../failure.ts'
import { warnOnce } from '../report.ts'

/** The fields of a form or of a flat JSON object, or what is wrong with the body. */
export type Body = Decision<{ readonly fields: ReadonlyMap<string, string> }>

const maxBytes = 16 * 1024

/**
 * Reads a small body: a form, a flat JSON object of strings, or nothing. A field that is not in
 * `allowed`, comes twice or is not a string is refused by its name.
 *
 * Works before and after the app's own body parsers.
 */
export async function readBody(source: RouteContext, allowed: readonly string[]): Promise<Body> {
  const content = await readContent(source)
  const entries = entriesOf(content.data)
  if (content.failure !== undefined || entries === undefined) {
    return { ok: false, failure: content.failure ?? { kind: 'bad-request' } }
  }
  const fields = new Map<string, string>()
  for (const [name, value] of entries) {
    if (!allowed.includes(name) || typeof value !== 'string' || fields.has(name)) {
      return { ok: false, failure: { kind: 'bad-request', field: name } }
    }
    fields.set(name, value)
  }
  return { ok: true, fields }
}

const formType = 'application/x-www-form-urlencoded'

/**
 * The fields of any small form, in order; undefined for another body, or one that a parser of the app
 * has made an object of with more than lists of texts in it.
 */
export async function readAnyForm(
  source: RouteContext,
): Promise<readonly (readonly [name: string, value: string])[] | undefined> {
  if (mediaType(source.header('content-type')) !== formType) return undefined
  const entries = entriesOf((await readContent(source)).data)
  if (entries === undefined) return undefined
  const fields = Array.from(entries).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as const),
  )
  return fields.every(isTextField) ? fields : undefined
}

function isTextField(field: readonly [string, unknown]): field is readonly [string, string] {
  return typeof field[1] === 'string'
}

interface Content {
  readonly data?: unknown
  readonly failure?: Failure
}

/** What a parser of the app or a host such as AWS Lambda has read, or else the unread body. */
async function readContent(source: RouteContext): Promise<Content> {
  const { read, request, header } = source
  const parsed = read.parsedBody(request)
  if (parsed === undefined) return readStream(source)
  const { value } = parsed
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return parseBytes(header, Buffer.from(value))
  }
  const hasBody =
    Number(header('content-length') ?? 0) > 0 || header('transfer-encoding') !== undefined
  if (typeof value !== 'object' && hasBody) {
    warnOnce(
      'unparsed body',
      'A request for a sign-in got 400, because its body was read before the sign-in routes saw it, and not parsed.',
      'Put the sign-in routes before what reads bodies. Or, in Express, parse them there: express.json(), express.urlencoded(). Or, of a Request, read a clone().',
    )
  }
  return { data: value ?? {} }
}

async function readStream({ read, request, header }: RouteContext): Promise<Content> {
  const encoding = header('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') return { failure: { kind: 'unsupported-body' } }
  const bytes = await collect(read.chunks(request))
  return bytes === undefined ? { failure: { kind: 'bad-request' } } : parseBytes(header, bytes)
}

function parseBytes(header: RouteContext['header'], bytes: Buffer): Content {
  if (bytes.length > maxBytes) return { failure: { kind: 'body-too-large' } }
  if (bytes.length === 0) return { data: {} }
  // It leaves a byte order mark out.
  return parse(mediaType(header('content-type')), new TextDecoder().decode(bytes))
}

/** The whole body, or its beginning once it is too long; undefined when the client closed. */
async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  let collected: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length
      collected.push(chunk)
      // As an object, a chunk of one byte takes hundreds of bytes.
      if (collected.length === 64) collected = [Buffer.concat(collected)]
      if (bytes > maxBytes) break
    }
  } catch {
    return undefined
  }
  return Buffer.concat(collected)
}

function parse(type: string, text: string): Content {
  if (type === formType) return { data: new URLSearchParams(text) }
  if (type !== 'application/json') return { failure: { kind: 'unsupported-body' } }
  try {
    return { data: JSON.parse(text) }
  } catch {
    return { failure: { kind: 'bad-request' } }
  }
}

function mediaType(contentType = ''): string {
  const [type = ''] = contentType.split(';')
  return type.trim().toLowerCase()
}

function entriesOf(data: unknown): Iterable<readonly [string, unknown]> | undefined {
  if (data instanceof URLSearchParams) return data
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
  return Object.entries(data)
}
