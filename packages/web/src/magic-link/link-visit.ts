import { isTopLevelNavigation, isPrefetch } from '../request/navigation.ts'
import type { RequestFacts } from '../request/request-facts.ts'
import { type BrowserRecord, type Attempt, findAttempt } from '../attempt/browser-record.ts'

/** When a link asks for a press of a button before it signs in. */
export type ConfirmPolicy = 'unless-same-browser' | 'always' | 'dangerously-never'

/** What is known when somebody, or something, opens a link. */
export interface LinkVisitFacts {
  readonly request: RequestFacts
  /** The fingerprints of the one-time token. */
  readonly links: readonly string[]
  /** The state in the link's path, if it has one. */
  readonly state: string | undefined
  /** What this browser's attempt cookie holds, if it has one. */
  readonly record: BrowserRecord | undefined
  /** Who is signed in in this browser, if anyone. */
  readonly signedInAs: string | undefined
  /** Whether that cannot be told just now: keys, refresh or store are out of reach. */
  readonly undecided: boolean
  readonly confirm: ConfirmPolicy
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What to do about it: show the button, spend the token, or go on, since it was spent here before. */
export type LinkVisit =
  | { readonly action: 'confirm'; readonly attempt: Attempt | undefined }
  | { readonly action: 'redeem'; readonly attempt: Attempt | undefined }
  | { readonly action: 'redirect'; readonly attempt: Attempt | undefined }

/**
 * Decides what a visit to a link may do. Pure.
 *
 * Mail scanners, previews and prefetchers open every link there is, so a visit spends the token
 * only when all of these hold: the browser holds the sealed attempt of that very state, Fetch
 * Metadata says that the top-level page is being loaded, nothing says that it is loaded ahead of
 * time, and it is certain that nobody else is signed in. Everyone else sees one button.
 */
export function decideLinkVisit(facts: LinkVisitFacts): LinkVisit {
  const { request, record, state, now, signedInAs, confirm } = facts
  const attempt =
    record === undefined || state === undefined ? undefined : findAttempt(record, state, now)
  if (request.method !== 'GET' || isPrefetch(request)) return { action: 'confirm', attempt }
  if (signedInAs !== undefined && wasUsedBy(record, facts.links, signedInAs)) {
    return { action: 'redirect', attempt }
  }
  if (confirm === 'dangerously-never') return { action: 'redeem', attempt }
  if (confirm === 'always' || attempt === undefined || facts.undecided)
    return { action: 'confirm', attempt }
  const somebodyElse = signedInAs !== undefined && signedInAs !== attempt.userId
  if (somebodyElse || !isTopLevelNavigation(request)) return { action: 'confirm', attempt }
  return { action: 'redeem', attempt }
}

function wasUsedBy(
  record: BrowserRecord | undefined,
  links: readonly string[],
  userId: string,
): boolean {
  return record?.used.some((used) => links.includes(used.link) && used.userId === userId) ?? false
}
