import type { Message } from '../world/messages/message.ts'
import type { LinkState } from '../world/links/link-store.ts'
import type { World } from '../world/world.ts'
import { type VisitedPage, Visitor, browserHeaders, scannerHeaders } from './visitor.ts'

/** The four ways in which mail scanners open a link, from the least to the most intrusive. */
export type ScanVisit = 'head' | 'get' | 'headless-get' | 'submit'

/** The result of one visit to one link. */
export interface ScannedLink {
  readonly visit: ScanVisit
  /** The number of the link, on an enchanted email. */
  readonly number?: string
  readonly requests: readonly VisitedPage[]
  /** Whether the link was redeemed after the visit. */
  readonly redeemed: boolean
}

/** The result of the scanner drill. */
export interface ScanReport {
  readonly messageId: string
  /**
   * Whether the drill could show anything. `used`, `expired` or `void`: no link of the message could
   * be redeemed before the drill, so it visited none. `unreachable`: no visit got a response.
   */
  readonly outcome: 'completed' | 'unreachable' | Exclude<LinkState, 'unused'>
  /**
   * The first visit that redeemed a link; null if none did. `submit` is expected of a magic link,
   * since a scanner that submits the form looks like the user. With any earlier visit, a mail
   * scanner uses up the link before the user opens it.
   */
  readonly redeemedBy: ScanVisit | null
  /**
   * Whether opening the links, without submitting a form, redeemed none of them. Null where the
   * outcome is not `completed`: nothing was tried.
   */
  readonly safe: boolean | null
  readonly visits: readonly ScannedLink[]
}

const visits: readonly ScanVisit[] = ['head', 'get', 'headless-get', 'submit']

/**
 * Visits the links of a message as mail scanners do before the user opens it, and reports whether
 * the app redeemed a link. It stops at the first visit that redeemed one. Links that were used or
 * have expired before it are not visited: they could show nothing.
 */
export async function scanMessage(world: World, message: Message): Promise<ScanReport> {
  const done: ScannedLink[] = []
  // The states now, not those of when the message was read.
  const links = world.mailbox.get(message.id)?.links ?? message.links
  const unused = links.filter(({ state }) => state === 'unused')
  const [first] = links
  if (unused.length === 0) {
    const states = links.map(({ state }) => state)
    const state = states.find((one) => one === 'used') ?? first?.state
    return { ...report(message, null, done), outcome: usedUp(state), safe: null }
  }
  for (const visit of visits) {
    for (const { number, url, token } of unused) {
      const requests = await visitAs(visit, url)
      const redeemed = world.state.links.byToken(token)?.used ?? false
      done.push({ visit, ...(number !== undefined && { number }), requests, redeemed })
      if (redeemed) return report(message, visit, done)
    }
  }
  return report(message, null, done)
}

function usedUp(state: LinkState | undefined): Exclude<LinkState, 'unused'> {
  return state === undefined || state === 'unused' ? 'expired' : state
}

async function visitAs(visit: ScanVisit, url: string): Promise<readonly VisitedPage[]> {
  switch (visit) {
    case 'head':
      return [await new Visitor(scannerHeaders).head(url)]
    case 'get':
      return [await new Visitor(scannerHeaders).get(url)]
    case 'headless-get':
      return [await new Visitor(browserHeaders).get(url)]
    case 'submit':
      return new Visitor(browserHeaders).getAndSubmit(url)
  }
  return visit satisfies never
}

function report(
  message: Message,
  redeemedBy: ScanVisit | null,
  done: readonly ScannedLink[],
): ScanReport {
  const reached = done.some(({ requests }) => requests.some(({ status }) => status !== 0))
  const outcome = reached ? 'completed' : 'unreachable'
  const safe = reached ? redeemedBy === null || redeemedBy === 'submit' : null
  return { messageId: message.id, outcome, redeemedBy, safe, visits: done }
}
