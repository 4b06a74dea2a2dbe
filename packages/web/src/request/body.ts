import type { RouteContext } from '../context.ts'
import type { Decision } from '../failure.ts'
import { warnOnce } from '../report.ts'

type Content = Decision<{ readonly entries: Iterable<readonly [name: string, value: unknown]> }>

const maxBytes = 16 * 1024
const formType = 'application/x-www-form-urlencoded'

/**
 * Reads a small body: a form, a flat JSON object of strings, or nothing. A field that is not in
 * `allowed`, comes twice or is not a string is refused by its name.
 *
 * Works before and after the app's own body parsers.
 */
export async function readBody(
  source: RouteContext,
  allowed: readonly string[],
): Promise<Decision<{ readonly fields: ReadonlyMap<string, string> }>> {
  const content = await readContent(source)
  if (!content.ok) return content
  const fields = new Map<string, string>()
  for (const [name, value] of content.entries) {
    if (!allowed.includes(name) || typeof value !== 'string' || fields.has(name)) {
      return { ok: false, failure: { kind: 'bad-request', field: name } }
    }
    fields.set(name, value)
  }
  return { ok: true, fields }
}

/**
 * The fields of any small form, in order; undefined for another body, or one that a parser of the app
 * has made an object of with more than lists of texts in it.
 */
export async function readAnyForm(
  source: RouteContext,
): Promise<readonly (readonly [name: string, value: string])[] | undefined> {
  if (mediaTypeOf(source) !== formType) return undefined
  const content = await readContent(source)
  if (!content.ok) return undefined
  const fields = Array.from(content.entries).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as const),
  )
  return fields.every(isTextField) ? fields : undefined
}

function isTextField(field: readonly [string, unknown]): field is readonly [string, string] {
  return typeof field[1] === 'string'
}

/** What a parser of the app or a host such as AWS Lambda has read, or else the unread body. */
async function readContent(source: RouteContext): Promise<Content> {
  const { read, request, header } = source
  const parsed = read.parsedBody(request)
  if (parsed === undefined) {
    const encoding = header('content-encoding') ?? 'identity'
    if (encoding.toLowerCase() !== 'identity') return refused('unsupported-body')
    const bytes = await collect(read.chunks(request))
    return bytes === undefined ? refused('bad-request') : parseBytes(source, bytes)
  }
  const { value } = parsed
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return parseBytes(source, Buffer.from(value))
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
  return contentOf(value ?? {})
}

function parseBytes(source: RouteContext, bytes: Buffer): Content {
  if (bytes.length > maxBytes) return refused('body-too-large')
  if (bytes.length === 0) return contentOf({})
  // It leaves a byte order mark out.
  const text = new TextDecoder().decode(bytes)
  const type = mediaTypeOf(source)
  if (type === formType) return contentOf(new URLSearchParams(text))
  if (type !== 'application/json') return refused('unsupported-body')
  try {
    return contentOf(JSON.parse(text))
  } catch {
    return refused('bad-request')
  }
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

function mediaTypeOf({ header }: RouteContext): string {
  const [type = ''] = (header('content-type') ?? '').split(';')
  return type.trim().toLowerCase()
}

function contentOf(data: unknown): Content {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return refused('bad-request')
  return { ok: true, entries: data instanceof URLSearchParams ? data : Object.entries(data) }
}

function refused(kind: 'bad-request' | 'body-too-large' | 'unsupported-body'): Content {
  return { ok: false, failure: { kind } }
}
