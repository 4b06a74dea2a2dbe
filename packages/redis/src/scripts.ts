import { createHash } from 'node:crypto'

/**
 * A script of one key. Redis runs it as one step, also against a crash. Where a command of it is refused, such
 * as for a user who may not run it, those before it stand: so none of them stores what has no end.
 */
export interface Script {
  readonly text: string
  readonly sha1: string
}

/** ARGV: the expected value, the new value, its time to live. 1 if it replaced it. */
export const replaceIf: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

/** ARGV: the expected value. 1 if it deleted it. */
export const deleteIf: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

/** ARGV: the time to live of a new count. The count. */
export const increment: Script = script(`
if redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 1 end
return redis.call('INCR', KEYS[1])`)

/** ARGV: the entry, the time from now that the log lives at least. */
export const append: Script = script(`
redis.call('PEXPIRE', KEYS[1], ARGV[2], 'GT')
redis.call('RPUSH', KEYS[1], ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[2], 'NX')`)

/** What INFO says about memory and persistence, from the server of the key. */
export const info: Script = script(
  `return redis.call('INFO', 'memory') .. redis.call('INFO', 'persistence')`,
)

function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') }
}
