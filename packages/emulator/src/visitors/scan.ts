import type { Message } from '../world/messages/message.ts'
import type { World } from '../world/world.ts'
import { type VisitedPage, browserHeaders, createVisitor, scannerHeaders } from './visitor.ts'

/** The four manners of mail security, from the mildest to the one that presses buttons. */
export type ScanVisit = 'head' | 'get' | 'headless-get' | 'submit'

/** What one visit of the drill did. */
export interface ScannedLink {
  readonly visit: ScanVisit
  /** The number of the link, on an enchanted mail. */
  readonly number?: string
  readonly requests: readonly VisitedPage[]
  /** Whether the link was spent after it. */
  readonly spent: boolean
}

/** How an app took the drill. */
export interface ScanReport {
  readonly messageId: string
  /**
   * The first visit that spent a link; null when none did. `submit` is expected of a magic link:
   * whoever presses the button is taken for the person. Anything before it locks people out.
   */
  readonly spentBy: ScanVisit | null
  /** Whether looking at the links spent none of them. */
  readonly safe: boolean
  readonly visits: readonly ScannedLink[]
}

const visits: readonly ScanVisit[] = ['head', 'get', 'headless-get', 'submit']

/**
 * Visits the links of a message as mail security does before the person can, and reports whether
 * the app let a link be spent. It stops at the first visit that spent one.
 */
export async function scanMessage(world: World, message: Message): Promise<ScanReport> {
  const made: ScannedLink[] = []
  for (const visit of visits) {
    for (const { number, url, token } of message.links) {
      const requests = await visitAs(visit, url)
      const spent = world.state.links.byToken(token)?.used ?? false
      made.push({ visit, ...(number !== undefined && { number }), requests, spent })
      if (spent) return report(message, visit, made)
    }
  }
  return report(message, null, made)
}

async function visitAs(visit: ScanVisit, url: string): Promise<readonly VisitedPage[]> {
  switch (visit) {
    case 'head':
      return [await createVisitor(scannerHeaders).head(url)]
    case 'get':
      return [await createVisitor(scannerHeaders).get(url)]
    case 'headless-get':
      return [await createVisitor(browserHeaders).get(url)]
    case 'submit':
      return createVisitor(browserHeaders).getAndSubmit(url)
  }
  return visit satisfies never
}

function report(
  message: Message,
  spentBy: ScanVisit | null,
  made: readonly ScannedLink[],
): ScanReport {
  const safe = spentBy === null || spentBy === 'submit'
  return { messageId: message.id, spentBy, safe, visits: made }
}
