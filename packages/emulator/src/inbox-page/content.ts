import { html } from 'hono/html'
import type { ScanReport } from '../visitors/scan.ts'
import type { World } from '../world/world.ts'
import { type Environment, connect } from './connect.ts'
import { messageDetail } from './message-detail.ts'
import { matchesSearch } from './format.ts'
import { messageList } from './message-list.ts'
import { requestList } from './request-list.ts'
import type { LayoutParts, Markup } from './layout.ts'
import type { View } from './view.ts'

/** The main part of a view, and its shape. */
export function contentOf(
  view: View,
  world: World,
  worlds: readonly World[],
  environment: Environment,
  report: ScanReport | undefined,
): Pick<LayoutParts, 'shape' | 'body'> {
  switch (view.tab) {
    case 'messages':
      return messages(view, world, worlds, environment, report)
    case 'requests':
      return { shape: 'requests', body: requestList(world.requestLog.list(), world.faults.list()) }
    case 'connect':
      return { shape: 'connect', body: connect(environment, 'Connect an app') }
  }
}

// Without an open message the newest one is shown, so that an open inbox shows new messages.
function messages(
  view: View,
  { mailbox, clock }: World,
  worlds: readonly World[],
  environment: Environment,
  report: ScanReport | undefined,
): Pick<LayoutParts, 'shape' | 'body'> {
  const all = mailbox.list()
  if (all.length === 0) {
    const others = worlds.filter((world) => world.mailbox.list().length > 0)
    return {
      shape: 'empty',
      body: connect(environment, 'No messages yet', otherProjects(others)),
    }
  }
  const found = all.filter((message) => matchesSearch(message, view.search))
  const opened = view.messageId === undefined ? undefined : mailbox.get(view.messageId)
  const message = opened ?? found[0]
  return {
    shape: opened === undefined ? 'newest' : 'reading',
    body: html`${messageList(view, found, message?.id, clock.now())}
    ${message === undefined ? '' : messageDetail(view, message, clock.now(), report)}`,
  }
}

// An app whose project id is another one than it seems would have no messages.
function otherProjects(worlds: readonly World[]): Markup | undefined {
  if (worlds.length === 0) return undefined
  return html`<p>
    There are messages of other projects:
    ${worlds.map(({ projectId }) => html`<a href="/?project=${projectId}">${projectId}</a> `)}
  </p>`
}
