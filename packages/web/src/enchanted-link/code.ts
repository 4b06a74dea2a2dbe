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

export interface CodedAttempt extends KnownAttempt {
  readonly code: string
}

export type CodeVerdict =
  /** It may be typed once more. */
  | { readonly action: 'ask-again' | 'missing'; readonly failure: Failure }
  /** It was the second wrong one. `state` is how the attempt stands after it. */
  | { readonly action: 'end-attempt'; readonly state: AttemptState }

/**
 * Judges a typed code, and ends the attempt with its second wrong one; undefined where it approves. Takes one
 * of the two tries, unless the same code was typed before.
 */
export async function judgeCode(
  context: AuthContext,
  { state, endsAt, code }: CodedAttempt,
  typed: string | undefined,
): Promise<CodeVerdict | undefined> {
  const digits = parseCode(typed)
  if (digits === undefined) {
    return { action: 'missing', failure: { kind: 'bad-request', field: 'code' } }
  }
  const leftMs = Math.max(1, endsAt - context.client.settings.clock.now())
  const tryNumber = await takeTry(context, state, digits, leftMs)
  // In constant time: MACs are compared, and not digits.
  const { sealer } = context
  const expected = sealer.tag('code', Buffer.from(code), 32)
  const isRight = sealer.hasTag('code', Buffer.from(digits), expected)
  const action = decideCode(isRight, tryNumber)
  if (action === 'approve') return undefined
  if (action === 'ask-again') return { action, failure: { kind: 'wrong-code' } }
  return { action, state: (await context.broker.end({ state, endsAt }, 'code-refused')).state }
}
