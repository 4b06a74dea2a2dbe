import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import type { ServerEnv } from '../server/context.ts'
import { describeSchemaError } from '../schema-error.ts'
import type { World } from '../world/world.ts'

/** Hono's environment under `/_emulator`, with the world of the request. */
export interface ControlEnv extends ServerEnv {
  Variables: { world: World }
}

/**
 * The JSON body, parsed by the schema.
 *
 * @throws {HTTPException} 400 with a message that states what was expected
 */
export async function readJson<T>(c: Context<ControlEnv>, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await readJsonText(c))
  if (parsed.success) return parsed.data
  throw badRequest(describeSchemaError(parsed.error))
}

/** The JSON body without a check; `{}` for an empty body, null for a body that is not JSON. */
export async function readJsonText(c: Context<ControlEnv>): Promise<unknown> {
  const text = await c.req.text()
  return text.trim() === '' ? {} : parseOrNull(text)
}

/** A response with status 400 in the error format of the control plane. */
export function badRequest(message: string): HTTPException {
  return new HTTPException(400, { res: Response.json({ error: message }, { status: 400 }) })
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
