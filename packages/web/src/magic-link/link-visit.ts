import { isTopLevelNavigation, isPrefetch } from '../request/navigation.ts'
import type { RequestFacts } from '../request/request-facts.ts'
import { type BrowserRecord, type Start, findStart } from '../attempt/browser-record.ts'

/** When a link asks for a press of a button before it signs in. */
export type ConfirmPolicy = 'unless-same-browser' | 'always' | 'dangerously-never'

/** What is known when somebody, or something, opens a link. */
export interface LinkVisitFacts {
  readonly request: RequestFacts
  /** The fingerprints of the one-time token. */
  readonly links: readonly string[]
  /** The state in the link's path, if it has one. */
  readonly state: string | undefined
  /** What this browser's start cookie holds, if it has one. */
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
  | { readonly act: 'ask'; readonly start: Start | undefined }
  | { readonly act: 'spend'; readonly start: Start | undefined }
  | { readonly act: 'land'; readonly start: Start | undefined }

/**
 * Decides what a visit to a link may do. Pure.
 *
 * Mail scanners, previews and prefetchers open every link there is, so a visit spends the token
 * only when all of these hold: the browser holds the sealed start of that very state, Fetch
 * Metadata says that the top-level page is being loaded, nothing says that it is loaded ahead of
 * time, and it is certain that nobody else is signed in. Everyone else sees one button.
 */
export function decideLinkVisit(facts: LinkVisitFacts): LinkVisit {
  const { request, record, state, now, signedInAs, confirm } = facts
  const start =
    record === undefined || state === undefined ? undefined : findStart(record, state, now)
  if (request.method !== 'GET' || isPrefetch(request)) return { act: 'ask', start }
  if (signedInAs !== undefined && wasUsedBy(record, facts.links, signedInAs)) {
    return { act: 'land', start }
  }
  if (confirm === 'dangerously-never') return { act: 'spend', start }
  if (confirm === 'always' || start === undefined || facts.undecided) return { act: 'ask', start }
  const somebodyElse = signedInAs !== undefined && signedInAs !== start.userId
  if (somebodyElse || !isTopLevelNavigation(request)) return { act: 'ask', start }
  return { act: 'spend', start }
}

function wasUsedBy(
  record: BrowserRecord | undefined,
  links: readonly string[],
  userId: string,
): boolean {
  return record?.used.some((used) => links.includes(used.link) && used.userId === userId) ?? false
}
