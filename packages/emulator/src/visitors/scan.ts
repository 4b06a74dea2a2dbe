import type { Message } from '../world/messages/message.ts'
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
   * The first visit that redeemed a link; null if none did. `submit` is expected of a magic link,
   * since a scanner that submits the form looks like the user. With any earlier visit, a mail
   * scanner uses up the link before the user opens it.
   */
  readonly redeemedBy: ScanVisit | null
  /** Whether opening the links, without submitting a form, redeemed none of them. */
  readonly safe: boolean
  readonly visits: readonly ScannedLink[]
}

const visits: readonly ScanVisit[] = ['head', 'get', 'headless-get', 'submit']

/**
 * Visits the links of a message as mail scanners do before the user opens it, and reports whether
 * the app redeemed a link. It stops at the first visit that redeemed one.
 */
export async function scanMessage(world: World, message: Message): Promise<ScanReport> {
  const done: ScannedLink[] = []
  for (const visit of visits) {
    for (const { number, url, token } of message.links) {
      const requests = await visitAs(visit, url)
      const redeemed = world.state.links.byToken(token)?.used ?? false
      done.push({ visit, ...(number !== undefined && { number }), requests, redeemed })
      if (redeemed) return report(message, visit, done)
    }
  }
  return report(message, null, done)
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
  const safe = redeemedBy === null || redeemedBy === 'submit'
  return { messageId: message.id, redeemedBy, safe, visits: done }
}
