import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import type { ServerEnv } from '../server/context.ts'
import { explainIssue } from '../schema-error.ts'
import type { World } from '../world/world.ts'

/** Hono's environment under `/_emulator`: the world that was named. */
export interface ControlEnv extends ServerEnv {
  Variables: { world: World }
}

/**
 * The JSON body as the schema has it.
 *
 * @throws {HTTPException} 400 that says what was expected
 */
export async function readJson<T>(c: Context<ControlEnv>, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await readJsonText(c))
  if (parsed.success) return parsed.data
  throw badRequest(explainIssue(parsed.error))
}

/** The JSON body, whatever it is; an empty one is `{}`, and null stands for what is no JSON. */
export async function readJsonText(c: Context<ControlEnv>): Promise<unknown> {
  const text = await c.req.text()
  return text.trim() === '' ? {} : parseOrNull(text)
}

/** A 400 in the control plane's own plain dialect. */
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
