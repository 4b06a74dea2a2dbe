import type { AuthContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import type { KnownAttempt } from './broker.ts'
import { checkCode, parseCode } from './code.ts'
import type { AttemptState } from './decide.ts'

/** How a typed code was judged; `ended` is how the attempt stands after its second wrong code. */
export type CodeVerdict =
  | { readonly action: 'approve' | 'ask-again' | 'missing' }
  | { readonly action: 'end-attempt'; readonly ended: AttemptState }

/** Judges a typed code, and ends the attempt with its second wrong one. */
export async function judgeCode(
  context: AuthContext,
  { state, endsAt, code }: KnownAttempt & { readonly code: string },
  typed: string | undefined,
): Promise<CodeVerdict> {
  const digits = parseCode(typed)
  if (digits === undefined) return { action: 'missing' }
  const leftMs = Math.max(1, endsAt - context.client.settings.clock.now())
  const action = await checkCode(context, { state, code, leftMs }, digits)
  if (action !== 'end-attempt') return { action }
  return { action, ended: (await context.broker.end({ state, endsAt }, 'code-refused')).state }
}

/** The failure of a code that may be typed once more. */
export function codeFailure(action: 'ask-again' | 'missing'): Failure {
  return action === 'missing' ? { kind: 'bad-request', field: 'code' } : { kind: 'wrong-code' }
}
