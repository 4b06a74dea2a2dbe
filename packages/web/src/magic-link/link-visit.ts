import { type Attempt, type BrowserRecord, findAttempt } from '../attempt/browser-record.ts'
import { isPrefetch, isTopLevelNavigation } from '../request/navigation.ts'
import type { RequestFacts } from '../request/request-reader.ts'

/** When a link needs a click on a button before it signs in. */
export type ConfirmPolicy = 'unless-same-browser' | 'always' | 'dangerously-never'

/** What is known when a link is opened, by a user or by a program. */
export interface LinkVisitFacts {
  readonly request: RequestFacts
  /** The fingerprints of the one-time token. */
  readonly links: readonly string[]
  /** The state in the link's path, if it has one. */
  readonly state: string | undefined
  /** The content of this browser's attempt cookie, if it has one. */
  readonly record: BrowserRecord | undefined
  /** The id of the user who is signed in in this browser, if any. */
  readonly signedInAs: string | undefined
  /** Whether that cannot be decided now, because keys, refresh or store are unavailable. */
  readonly undecided: boolean
  readonly confirm: ConfirmPolicy
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Show the button, redeem the token, or go on because this browser has redeemed it before. */
export interface LinkVisit {
  readonly action: 'confirm' | 'redeem' | 'redirect'
  /** The attempt of this browser that the link belongs to. */
  readonly attempt: Attempt | undefined
}

/**
 * Decides what opening a link does.
 *
 * Mail scanners, previews and prefetchers open every link. So opening a link redeems its token only
 * when all of these hold: the browser has the sealed attempt of that state, Fetch Metadata says that
 * the top-level page is loaded, nothing says that it is loaded ahead of time, and it is certain that
 * no other user is signed in. In every other case the response is a page with one button.
 */
export function decideLinkVisit(facts: LinkVisitFacts): LinkVisit {
  const { request, record, state, now, signedInAs, confirm } = facts
  const attempt =
    record === undefined || state === undefined ? undefined : findAttempt(record, state, now)
  if (request.method !== 'GET' || isPrefetch(request)) return { action: 'confirm', attempt }
  if (signedInAs !== undefined && wasRedeemedBy(record, facts.links, signedInAs)) {
    return { action: 'redirect', attempt }
  }
  if (confirm === 'dangerously-never') return { action: 'redeem', attempt }
  if (confirm === 'always' || attempt === undefined || facts.undecided) {
    return { action: 'confirm', attempt }
  }
  const isAnotherUser = signedInAs !== undefined && signedInAs !== attempt.userId
  if (isAnotherUser || !isTopLevelNavigation(request)) return { action: 'confirm', attempt }
  return { action: 'redeem', attempt }
}

function wasRedeemedBy(
  record: BrowserRecord | undefined,
  links: readonly string[],
  userId: string,
): boolean {
  return record?.used.some((used) => links.includes(used.link) && used.userId === userId) ?? false
}
