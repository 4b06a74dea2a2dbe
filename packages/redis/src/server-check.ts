import type { Commands } from './commands.ts'
import { optionsIn } from './connection.ts'
import { info } from './scripts.ts'

/** A setting of the server that loses what the store holds. */
export interface ServerWarning {
  readonly code: 'LINKPASS_REDIS_EVICTION' | 'LINKPASS_REDIS_PERSISTENCE'
  readonly message: string
  readonly fix: string
}

/** What the server says about itself; undefined where it does not. */
export interface ServerSettings {
  /** The text of INFO. */
  readonly info?: string | undefined
  /** The setting `save`: when snapshots are written. */
  readonly save?: string | undefined
}

/** The warnings about a server's settings. */
export function warningsOf({ info, save }: ServerSettings): readonly ServerWarning[] {
  const warnings: ServerWarning[] = []
  const policy = fieldOf(info, 'maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push({
      code: 'LINKPASS_REDIS_EVICTION',
      message: `Redis evicts keys when its memory is full (maxmemory-policy ${policy}): a logout that is evicted is undone.`,
      fix: 'Set maxmemory-policy to noeviction, or use a server of its own for Linkpass.',
    })
  }
  if (fieldOf(info, 'aof_enabled') === '0' && save === '') {
    warnings.push({
      code: 'LINKPASS_REDIS_PERSISTENCE',
      message: 'Redis keeps nothing on disk: a restart undoes every logout and revocation.',
      fix: 'Set appendonly to yes.',
    })
  }
  return warnings
}

/** Reads the server's settings. A user without the permission learns nothing. */
export async function readSettings(commands: Commands): Promise<ServerSettings> {
  const [text, save] = await Promise.allSettled([
    commands.script(info, 'settings', []),
    commands.server('CONFIG', 'GET', 'save'),
  ])
  return {
    info: text.status === 'fulfilled' ? String(text.value) : undefined,
    save: save.status === 'fulfilled' ? saveIn(save.value) : undefined,
  }
}

// A list of names and values, or a map, depending on the client and the protocol.
function saveIn(reply: unknown): string | undefined {
  const value: unknown = Array.isArray(reply)
    ? reply[1]
    : reply instanceof Map
      ? reply.get('save')
      : optionsIn(reply)['save']
  return typeof value === 'string' ? value : undefined
}

function fieldOf(info: string | undefined, name: string): string | undefined {
  return info?.match(new RegExp(`^${name}:(\\S*)`, 'm'))?.[1]
}
