import type { AttemptKind } from '../attempt/state.ts'

/** When a link needs a click on a button before it signs in. */
export type ConfirmPolicy = 'unless-same-browser' | 'always' | 'dangerously-never'

export interface LinkFacts {
  /** What the link is for. A link without a state can only sign in. */
  readonly kind: AttemptKind
  /** Whether this browser made the attempt. */
  readonly isAsking: boolean
  /** Who is signed in here: no user, the one whom the attempt is bound to, another, or unknown. */
  readonly user: 'none' | 'same' | 'another' | 'unknown'
  /** Whether the session that asked has not ended. A sign-in is bound to none. */
  readonly isLive: boolean
  /**
   * Whether the browser that asked for a step-up still waits for an approval. `code-refused` after two
   * wrong codes. @default 'waiting'
   */
  readonly approval?: 'waiting' | 'over' | 'code-refused'
  /** Whether this browser has redeemed the link, and has the session that resulted. */
  readonly isUsedHere: boolean
}

export interface Opening {
  /** Whether the top-level page of a tab is loaded. `ahead`: before the user chose it, or by HEAD. */
  readonly navigation: 'top-level' | 'other' | 'ahead'
  readonly confirm: ConfirmPolicy
}

/**
 * - `page`: show the button
 * - `redeem`: redeem the token
 * - `redirect`: go on, since it was redeemed here
 * - `ended`: refuse, since the session that asked has ended
 * - `approve`: ask for the code on the screen of the browser that asked; `decideCode` decides about it.
 *   The right one redeems the token for that browser
 * - `over`, `code-refused`: refuse, since no browser waits for the approval any more
 * - `unavailable`: it is unknown who is signed in
 */
export type LinkAction = 'page' | 'redeem' | 'redirect' | 'approve' | 'unavailable' | LinkRefusal

/** Why a link is refused, however it is opened. */
export type LinkRefusal = 'ended' | 'over' | 'code-refused'

/**
 * Decides what a click on the button of a link's page does.
 *
 * | link                  | browser | signed in here | does         |
 * | --------------------- | ------- | -------------- | ------------ |
 * | used here             | any     | its user       | redirect     |
 * | sign-in               | any     | anyone         | redeem       |
 * | other, ended          | any     | anyone         | ended        |
 * | step-up, code refused | any     | anyone         | code-refused |
 * | step-up, change       | asking  | its user       | redeem       |
 * | step-up, change       | asking  | unknown        | unavailable  |
 * | step-up, change       | asking  | none, another  | ended        |
 * | step-up, waiting      | other   | anyone         | approve      |
 * | step-up, over         | other   | anyone         | over         |
 * | change                | other   | anyone         | redeem       |
 *
 * The browser that asked completes an approved step-up by the row of its own browser.
 */
export function decideConfirm(facts: LinkFacts): LinkAction {
  const { kind, isAsking, user, isLive, isUsedHere, approval } = facts
  if (isUsedHere) return 'redirect'
  if (kind === 'sign-in') return 'redeem'
  if (!isLive) return 'ended'
  if (approval === 'code-refused') return approval
  if (!isAsking && kind === 'step-up') return approval === 'over' ? approval : 'approve'
  if (!isAsking) return 'redeem'
  if (user === 'unknown') return 'unavailable'
  return user === 'same' ? 'redeem' : 'ended'
}

/**
 * Decides what opening a link does.
 *
 * Mail scanners, previews and prefetchers open every link. So opening a link redeems its token only in
 * the browser that asked, when Fetch Metadata says that the top-level page is loaded, nothing says that
 * it is loaded ahead of time, and it is certain that no other user is signed in.
 *
 * | a click would | opened         | confirm | browser | signed in here     | does           |
 * | ------------- | -------------- | ------- | ------- | ------------------ | -------------- |
 * | refuse        | any            | any     | any     | any                | refuse         |
 * | redirect      | ahead, by HEAD | any     | any     | its user           | page           |
 * | redirect      | else           | any     | any     | its user           | redirect       |
 * | redeem        | ahead, by HEAD | any     | any     | any                | page           |
 * | redeem        | else           | never   | any     | any                | redeem         |
 * | redeem        | else           | always  | any     | any                | page           |
 * | redeem        | top-level      | unless… | asking  | its user, or none  | redeem         |
 * | redeem        | any other way                                              | page    |
 * | approve       | any            | any     | other   | anyone             | page           |
 * | unavailable   | any            | any     | asking  | unknown            | page           |
 */
export function decideOpen(
  facts: LinkFacts,
  { navigation, confirm }: Opening,
): Exclude<LinkAction, 'approve'> {
  const clicked = decideConfirm(facts)
  if (clicked === 'ended' || clicked === 'over' || clicked === 'code-refused') return clicked
  if (clicked === 'unavailable' || clicked === 'approve' || navigation === 'ahead') return 'page'
  if (clicked === 'redirect' || confirm === 'dangerously-never') return clicked
  const isOwn = facts.isAsking && (facts.user === 'same' || facts.user === 'none')
  return isOwn && navigation === 'top-level' && confirm !== 'always' ? clicked : 'page'
}

/**
 * The rule about cookies: a browser gets session cookies only if it confirmed a sign-in, or if it is
 * the browser that asked and its user has not changed.
 */
export function givesSession({ kind, isAsking, user }: LinkFacts): boolean {
  return kind === 'sign-in' || (isAsking && user === 'same')
}
