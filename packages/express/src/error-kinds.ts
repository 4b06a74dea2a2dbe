import { inspect } from 'node:util'

/** What becomes of one more error: printed, printed as the last one, or not. */
export type Admission = 'print' | 'print-last' | 'silent'

/**
 * Tells the first error of each kind from those that repeat it, for `most` kinds at most: somebody
 * at a terminal sees every new trouble once, and no visitor can fill a log.
 */
export function createErrorKinds(most: number): (kind: string) => Admission {
  const seen = new Set<string>()
  return (kind) => {
    if (seen.has(kind) || seen.size >= most) return 'silent'
    seen.add(kind)
    return seen.size === most ? 'print-last' : 'print'
  }
}

/**
 * What makes an error of the app another one than the last: its name, its code and the words of its
 * message. Words with a digit or an `@` are left out, since they tell people apart and not errors.
 * Pure.
 */
export function kindOf(cause: unknown): string {
  if (!(cause instanceof Error)) return withoutNames(textOf(cause))
  const code = 'code' in cause ? String(cause.code) : ''
  return [cause.name, code, withoutNames(cause.message)].join(' ')
}

/** An error as its developer wants to see it: where it was thrown, with what it says. Pure. */
export function textOf(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? `${cause.name}: ${cause.message}`
  return typeof cause === 'string' ? cause : inspect(cause, { depth: 0 })
}

function withoutNames(message: string): string {
  const words = message.slice(0, 500).split(/\s+/)
  return words.map((word) => (/[\d@]/.test(word) ? '…' : word)).join(' ')
}
