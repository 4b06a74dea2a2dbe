import { hashRandom, randomInteger } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { withAsciiDigits } from '../request/digits.ts'
import type { KnownAttempt } from './broker.ts'
import { type AttemptState, decideCode } from './decide.ts'

/** Four digits, all equally likely. They stand on the waiting screen, and never in the mail. */
export function newCode(): string {
  return String(randomInteger(0, 10_000)).padStart(4, '0')
}

/** The code in what was typed, also with spaces, or in digits of any script; undefined for anything else. */
function parseCode(typed: string | undefined): string | undefined {
  const digits = typed && withAsciiDigits(typed).replaceAll(/[\t\p{Zs}\p{Pd}]/gu, '')
  return digits !== undefined && /^[0-9]{4}$/.test(digits) ? digits : undefined
}

/**
 * Takes a try before the code is compared, so that many requests at once do not get more of them.
 * Each try holds the code that was typed, and the first to write it has it: a double click, or a retry
 * after an outage, is no further try. Undefined when both are taken.
 */
async function takeTry(
  { sealer, store }: AuthContext,
  state: string,
  typed: string,
  leftMs: number,
): Promise<1 | 2 | undefined> {
  const name = sealer.fingerprint('code', `${state} ${typed}`)
  for (const number of [1, 2] as const) {
    const found = await store.setIfAbsent(`try:${hashRandom(`${state} ${number}`)}`, name, leftMs)
    if (found === undefined || found === name) return number
  }
  return undefined
}

/** How a typed code was judged; `ended` is how the attempt stands after its second wrong code. */
export type CodeVerdict =
  | { readonly action: 'approve' | 'ask-again' | 'missing' }
  | { readonly action: 'end-attempt'; readonly ended: AttemptState }

/**
 * Judges a typed code, and ends the attempt with its second wrong one. Takes one of the two tries, unless
 * the same code was typed before.
 */
export async function judgeCode(
  context: AuthContext,
  { state, endsAt, code }: KnownAttempt & { readonly code: string },
  typed: string | undefined,
): Promise<CodeVerdict> {
  const digits = parseCode(typed)
  if (digits === undefined) return { action: 'missing' }
  const leftMs = Math.max(1, endsAt - context.client.settings.clock.now())
  const tryNumber = await takeTry(context, state, digits, leftMs)
  // In constant time: MACs are compared, and not digits.
  const { sealer } = context
  const expected = sealer.tag('code', Buffer.from(code), 32)
  const action = decideCode({
    isRight: sealer.hasTag('code', Buffer.from(digits), expected),
    tryNumber,
  })
  if (action !== 'end-attempt') return { action }
  return { action, ended: (await context.broker.end({ state, endsAt }, 'code-refused')).state }
}

/** The failure of a code that may be typed once more. */
export function codeFailure(action: 'ask-again' | 'missing'): Failure {
  return action === 'missing' ? { kind: 'bad-request', field: 'code' } : { kind: 'wrong-code' }
}
