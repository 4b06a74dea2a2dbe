import type { Context } from 'hono'
import { Refusal } from '../api/service-error.ts'
import type { ServerEnv } from './context.ts'

// The largest real body is a few kilobytes.
const maxBodyBytes = 1_000_000

/**
 * The parsed body; `{}` for an empty one, as Go sends it with a JSON content type. Hono's own limit
 * cannot be used: it makes a new Request of the adapter's, which Node 20 refuses for bodies of
 * unknown length.
 *
 * @throws {Refusal} more than a megabyte, or no JSON
 */
export async function bodyOf(c: Context<ServerEnv>): Promise<unknown> {
  const text = await readText(c)
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('malformed', 'The body is not JSON')
  }
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

function tooLarge(c: Context<ServerEnv>): Refusal {
  // The rest of the body is never read, so the connection is of no more use.
  c.header('Connection', 'close')
  return new Refusal('malformed', 'The body is too large')
}
