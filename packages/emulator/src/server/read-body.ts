import type { Context } from 'hono'
import { ServiceError } from '../api/service-error.ts'
import type { ServerEnv } from './context.ts'

// The largest real body is a few kilobytes.
const maxBodyBytes = 1_000_000

/**
 * The parsed body; `{}` for an empty one, which the Go SDK sends with a JSON content type. Hono's
 * body limit cannot be used: it creates a new Request from the adapter's, which Node 20 rejects for
 * bodies of unknown length.
 *
 * @throws {ServiceError} the body is larger than a megabyte, is not JSON, or is nested too deeply
 */
export async function readJsonBody(c: Context<ServerEnv>): Promise<unknown> {
  const text = await readText(c)
  if (text.trim() === '') return {}
  const body = parse(text, c)
  if (isTooDeep(body)) {
    throw new ServiceError('malformed', `The body is nested more than ${maxLevels} levels deep`)
  }
  return body
}

function parse(text: string, c: Context<ServerEnv>): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ServiceError('malformed', 'The body is not JSON', hintFor(c))
  }
}

// What is copied and written level by level: the stack is used up after some thousands.
const maxLevels = 1000

function isTooDeep(body: unknown): boolean {
  let level = [body]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxLevels) return true
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    )
  }
  return false
}

function hintFor(c: Context<ServerEnv>): string {
  const encoding = c.req.header('content-encoding')
  if (encoding !== undefined) return `The body has content-encoding ${encoding}. Send it as it is.`
  const type = c.req.header('content-type') ?? 'no content-type'
  return `The body must be JSON, sent as application/json. It was sent as ${type}.`
}

async function readText(c: Context<ServerEnv>): Promise<string> {
  let size = Number(c.req.header('content-length') ?? 0)
  if (size > maxBodyBytes) throw tooLarge(c)
  size = 0
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.byteLength
    if (size > maxBodyBytes) throw tooLarge(c)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function tooLarge(c: Context<ServerEnv>): ServiceError {
  // The rest of the body is not read, so the connection cannot be reused.
  c.header('Connection', 'close')
  return new ServiceError('malformed', 'The body is too large')
}
