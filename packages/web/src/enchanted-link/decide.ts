/**
 * The decisions of an enchanted sign-in: how an attempt stands, and what to do about an event. An
 * attempt is over when its time is over, or when the first of a refusal and a completion was recorded.
 *
 * | attempt      | open              | approve           | refuse       | ask          | complete        |
 * | ------------ | ----------------- | ----------------- | ------------ | ------------ | --------------- |
 * | unknown      | link-unknown      | link-unknown      | link-unknown | expired      | expired         |
 * | bare         | show              | approve           | link-unknown | expired      | expired         |
 * | pending      | show              | approve           | refuse       | pending      | not-yet         |
 * | opened       | show              | approve           | refuse       | show-code    | not-yet         |
 * | approved     | show              | approve           | refuse       | approved     | complete        |
 * | expired      | link-expired      | link-expired      | link-expired | expired      | expired         |
 * | refused      | attempt-refused   | attempt-refused   | refused      | refused      | attempt-refused |
 * | code-refused | code-refused      | code-refused      | refused      | code-refused | code-refused    |
 * | completed    | already-completed | already-completed | too-late     | approved     | complete        |
 * | closed       | already-completed | already-completed | too-late     | expired      | expired         |
 *
 * - `unknown`: no state that was made here. `bare`: a link without a state, which the app sent by
 *   itself; no attempt is known.
 * - `opened`: one of its links was opened, so that the waiting screen shows the code.
 *   `code-refused`: two wrong codes were typed.
 * - `completed`: less than a minute ago, so that a lost response can be repeated. `closed`: before that.
 * - `open`, `approve` and `refuse` come from the holder of a link; `ask` and `complete` from the browser
 *   with the pending cookie. To `refuse` and to `complete`, the handler records the outcome first, and
 *   goes on only if its own is the one that stands. To `approve`, {@link decideCode} comes first where the
 *   attempt has a code.
 */
export function decide<Event extends EnchantedEvent>(
  state: AttemptState,
  event: Event,
): Action<Event> {
  return table[state][event]
}

export type AttemptState = keyof typeof table
export type EnchantedEvent = 'open' | 'approve' | 'refuse' | 'ask' | 'complete'
export type Action<Event extends EnchantedEvent> = (typeof table)[AttemptState][Event]
/** Why a link is not shown, or does not approve. */
export type LinkRefusal = Exclude<Action<'open'>, 'show'>

/** What is known of an attempt that was made here. Times are in milliseconds since the epoch. */
export interface AttemptFacts {
  /** The first outcome that was recorded. */
  readonly outcome: Outcome | undefined
  /** Whether the service has handed out its session. A holder of a link does not know. @default false */
  readonly isApproved?: boolean
  /** Whether a link was opened. @default false */
  readonly isOpened?: boolean
  readonly endsAt: number
  readonly now: number
}

export type Outcome =
  | { readonly kind: 'refused' | 'code-refused' }
  | { readonly kind: 'completed'; readonly at: number }

/** How long the browser that completed an attempt may repeat that, in milliseconds. */
const repeatableMs = 60_000

/** How an attempt stands. What was recorded goes before what the service says. */
export function attemptState({ outcome, endsAt, now, ...facts }: AttemptFacts): AttemptState {
  if (outcome?.kind === 'completed') {
    // Of another instance, whose clock may be ahead, or by a clock that was set back since.
    return Math.abs(now - outcome.at) < repeatableMs ? 'completed' : 'closed'
  }
  if (outcome !== undefined) return outcome.kind
  if (now >= endsAt) return 'expired'
  if (facts.isApproved === true) return 'approved'
  return facts.isOpened === true ? 'opened' : 'pending'
}

export type CodeAction = 'approve' | 'ask-again' | 'end-attempt'

/** One correction is allowed: the second wrong code ends the attempt. A third is not even compared. */
export function decideCode(isRight: boolean, tryNumber: 1 | 2 | undefined): CodeAction {
  if (tryNumber === undefined) return 'end-attempt'
  if (isRight) return 'approve'
  return tryNumber === 1 ? 'ask-again' : 'end-attempt'
}

const live = { open: 'show', approve: 'approve', refuse: 'refuse' } as const
const done = {
  open: 'already-completed',
  approve: 'already-completed',
  refuse: 'too-late',
} as const
const none = { ask: 'expired', complete: 'expired' } as const
const refusedBy = <Reason extends string>(reason: Reason) =>
  ({ open: reason, approve: reason, refuse: 'refused', complete: reason }) as const

const table = {
  unknown: { ...none, open: 'link-unknown', approve: 'link-unknown', refuse: 'link-unknown' },
  bare: { ...none, open: 'show', approve: 'approve', refuse: 'link-unknown' },
  pending: { ...live, ask: 'pending', complete: 'not-yet' },
  opened: { ...live, ask: 'show-code', complete: 'not-yet' },
  approved: { ...live, ask: 'approved', complete: 'complete' },
  expired: { ...none, open: 'link-expired', approve: 'link-expired', refuse: 'link-expired' },
  refused: { ...refusedBy('attempt-refused'), ask: 'refused' },
  'code-refused': { ...refusedBy('code-refused'), ask: 'code-refused' },
  completed: { ...done, ask: 'approved', complete: 'complete' },
  closed: { ...done, ...none },
} as const
