import type { Failure } from '../failure.ts'

/** What is known when a link about an account is requested. */
export interface BeginFacts {
  readonly kind: 'step-up' | 'change-email' | 'change-phone'
  /** The option that switches the route on, where it is off. */
  readonly missingOption: string | undefined
  /** Why no user is signed in; undefined where one is. */
  readonly failure: Failure | undefined
  /** How long ago the session was stepped up; undefined where it was not. */
  readonly stepUpAgeSeconds: number | undefined
  /** How old a step-up may be for a change. */
  readonly maxAgeSeconds: number
}

/**
 * Decides on a request for a link about an account: why it is not sent; undefined where it is. Whoever
 * stole a session could otherwise move the account to a mailbox of their own, and step up by it.
 *
 * | kind    | route | signed in | step-up       | does              |
 * | ------- | ----- | --------- | ------------- | ----------------- |
 * | any     | off   | –         | –             | `not-enabled`     |
 * | any     | on    | no        | –             | why not signed in |
 * | step-up | on    | yes       | –             | send              |
 * | change  | on    | yes       | none or older | `step-up-needed`  |
 * | change  | on    | yes       | not older     | send              |
 */
export function decideBegin(facts: BeginFacts): Failure | undefined {
  const { kind, missingOption: option, stepUpAgeSeconds: age, maxAgeSeconds } = facts
  if (option !== undefined) return { kind: 'not-enabled', option }
  if (facts.failure !== undefined) return facts.failure
  if (kind === 'step-up') return undefined
  return age === undefined || age > maxAgeSeconds ? { kind: 'step-up-needed' } : undefined
}
