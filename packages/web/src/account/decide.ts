import type { Failure } from '../failure.ts'

export interface ChangeFacts {
  /** The option that switches the route on, where it is off. */
  readonly missingOption: string | undefined
  /** Why no user is signed in; undefined where one is. */
  readonly failure: Failure | undefined
  /** How long ago the session was stepped up; undefined where it was not. */
  readonly stepUpAgeSeconds: number | undefined
  readonly maxAgeSeconds: number
}

/**
 * Decides on a request for the link of a change: why it is not sent; undefined where it is. Whoever
 * stole a session could otherwise move the account to a mailbox of their own, and step up by it.
 *
 * | route | signed in | step-up       | does              |
 * | ----- | --------- | ------------- | ----------------- |
 * | off   | –         | –             | `not-enabled`     |
 * | on    | no        | –             | why not signed in |
 * | on    | yes       | none or older | `step-up-needed`  |
 * | on    | yes       | not older     | send              |
 */
export function decideChange(facts: ChangeFacts): Failure | undefined {
  const { missingOption: option, stepUpAgeSeconds: age, maxAgeSeconds } = facts
  if (option !== undefined) return { kind: 'not-enabled', option }
  if (facts.failure !== undefined) return facts.failure
  return age === undefined || age > maxAgeSeconds ? { kind: 'step-up-needed' } : undefined
}
