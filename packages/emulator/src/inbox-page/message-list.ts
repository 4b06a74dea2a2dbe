import { html } from 'hono/html'
import type { Message } from '../world/messages/message.ts'
import type { Markup } from './layout.ts'
import { type View, addressOf } from './view.ts'
import { ago, describeMessage, linkStates, messageState } from './format.ts'

/** The messages that match the search, newest first. */
export function messageList(
  view: View,
  messages: readonly Message[],
  shownId: string | undefined,
  now: number,
): Markup {
  return html`<section class="list" aria-labelledby="list-title">
    <h2 id="list-title" class="unseen">Messages, newest first</h2>
    <form class="search" method="get" action="/" role="search">
      <input type="hidden" name="project" value="${view.projectId}" />
      <input
        id="search"
        name="q"
        type="search"
        value="${view.search}"
        placeholder="Search"
        aria-label="Search the messages"
        autocomplete="off"
        aria-keyshortcuts="/"
      />
    </form>
    <ul id="messages">
      ${messages.map((message) => row(view, message, message.id === shownId, now))}
    </ul>
    ${
      messages.length > 0
        ? ''
        : html`<p class="none" role="status">No message has “${view.search}” in it.</p>`
    }
  </section>`
}

function row(view: View, message: Message, shown: boolean, now: number): Markup {
  const state = messageState(message)
  const { shape, word } = linkStates[state]
  return html`<li>
    <a
      id="row-${message.id}"
      href="${addressOf(view, { messageId: message.id })}"
      ${shown ? html`aria-current="true"` : ''}
    >
      <span class="to">${message.to}</span>
      <span class="when">${ago(message.createdAt, now)}</span>
      <span class="what">${describeMessage(message)}</span>
      <span class="state ${state}"
        ><span aria-hidden="true">${shape}</span> ${word.split(',')[0]}</span
      >
    </a>
  </li>`
}
