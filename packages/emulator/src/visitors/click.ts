import type { Message } from '../world/messages/message.ts'
import type { LinkState } from '../world/links/link-store.ts'
import type { World } from '../world/world.ts'
import { type VisitedPage, browserHeaders, createVisitor } from './visitor.ts'

/** What became of a click. */
export interface ClickReport {
  readonly messageId: string
  readonly number?: string
  readonly requests: readonly VisitedPage[]
  /** The state of the link afterwards. */
  readonly state: LinkState | 'unknown'
}

/**
 * Opens a link of a message as a person on a new device would, and presses the button of the page
 * if it has one. On an enchanted mail `number` chooses the link; without it, the right one.
 *
 * @throws {RangeError} the message has no link of that number
 */
export async function clickMessage(
  world: World,
  message: Message,
  number: string | undefined = message.linkId,
): Promise<ClickReport> {
  const link = message.links.find((candidate) => candidate.number === number)
  if (link === undefined) throw new RangeError('The message has no link of that number.')
  const requests = await createVisitor(browserHeaders).getAndSubmit(link.url)
  const after = world.mailbox.get(message.id)?.links.find(({ token }) => token === link.token)
  return {
    messageId: message.id,
    ...(number !== undefined && { number }),
    requests,
    state: after?.state ?? 'unknown',
  }
}
