import type { Message } from '../world/messages/message.ts'
import type { LinkState } from '../world/links/link-store.ts'
import type { World } from '../world/world.ts'
import { type VisitedPage, Visitor, browserHeaders } from './visitor.ts'

/** The result of a click. */
export interface ClickReport {
  readonly messageId: string
  readonly number?: string
  readonly requests: readonly VisitedPage[]
  /** The state of the link after the click. */
  readonly state: LinkState | 'unknown'
}

/**
 * Opens a link of a message as a browser on a new device and submits the form of its page, if there
 * is one. On an enchanted email `number` selects the link. @default the right link
 *
 * @throws {RangeError} the message has no link with that number
 */
export async function clickMessage(
  world: World,
  message: Message,
  number: string | undefined = message.linkId,
): Promise<ClickReport> {
  const link = message.links.find((candidate) => candidate.number === number)
  if (link === undefined) throw new RangeError('The message has no link with that number.')
  const requests = await new Visitor(browserHeaders).getAndSubmit(link.url)
  const after = world.mailbox.get(message.id)?.links.find(({ token }) => token === link.token)
  return {
    messageId: message.id,
    ...(number !== undefined && { number }),
    requests,
    state: after?.state ?? 'unknown',
  }
}
