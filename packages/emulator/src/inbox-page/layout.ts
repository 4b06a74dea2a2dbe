import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { World } from '../world/world.ts'
import { type Tab, type View, addressOf } from './view.ts'
import { dateAndTime, duration } from './format.ts'

/** Escaped markup. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** The input of {@link layout}. */
export interface LayoutParts {
  readonly view: View
  readonly world: World
  /** All project ids, for the project selection. */
  readonly projectIds: readonly string[]
  readonly title: string
  /** The kind of the main part; on a narrow screen it decides which part is shown. */
  readonly shape: 'empty' | 'newest' | 'reading' | 'requests' | 'connect'
  readonly body: Markup
}

/**
 * The complete page. The script replaces regions marked `data-live` with their newer versions from
 * the server, so that it renders nothing itself.
 */
export function layout(parts: LayoutParts): Markup {
  const { view, world, title, shape, body } = parts
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="${favicon}" />
        <link rel="stylesheet" href="/_emulator/page/inbox.css" />
        <script src="/_emulator/page/inbox.js" defer></script>
      </head>
      <body data-events="/_emulator/events?project=${view.projectId}">
        <header>
          <h1>
            <a href="${addressOf(view, { messageId: undefined, tab: 'messages' })}">
              Linkpass emulator</a
            >
          </h1>
          ${projects(parts)} ${clock(view, world)}
        </header>
        ${tabs(view, world)}
        <main id="main" class="${shape}" data-live>${body}</main>
      </body>
    </html>`
}

function projects({ view, projectIds }: LayoutParts): Markup {
  if (projectIds.length < 2) return html`<p class="project"><code>${view.projectId}</code></p>`
  return html`<form class="project" method="get" action="/">
    <label for="project">Project</label>
    <select id="project" name="project">
      ${projectIds.map(
        (id) =>
          html`<option value="${id}" ${id === view.projectId ? 'selected' : ''}>${id}</option>`,
      )}
    </select>
    <button>Show</button>
  </form>`
}

const steps: readonly (readonly [label: string, seconds: number, description: string])[] = [
  ['+1 min', 60, 'Advance the clock by one minute'],
  ['+15 min', 900, 'Advance the clock by fifteen minutes'],
  ['+1 h', 3600, 'Advance the clock by one hour'],
  ['+1 day', 86_400, 'Advance the clock by one day'],
]

function clock(view: View, world: World): Markup {
  const { offsetMs } = world.clock
  return html`<form class="clock" method="post" action="${addressOf(view)}">
    <p id="clock" data-live>
      <time data-clock="${world.clock.now()}">${dateAndTime(world.clock.now())}</time>
      <span class="offset">${offsetMs === 0 ? 'real time' : `${duration(offsetMs)} ahead`}</span>
    </p>
    <div class="steps">
      ${steps.map(
        ([label, seconds, description]) =>
          html`<button
            name="advanceSeconds"
            value="${seconds}"
            aria-label="${label}: ${description}"
          >
            ${label}
          </button>`,
      )}
    </div>
  </form>`
}

function tabs(view: View, world: World): Markup {
  const entries: readonly (readonly [tab: Tab, name: string, count?: number])[] = [
    ['messages', 'Messages', world.mailbox.list().length],
    ['requests', 'Requests', world.requestLog.list().length],
    ['connect', 'Connect'],
  ]
  return html`<nav id="tabs" data-live aria-label="Views">
    ${entries.map(
      ([tab, name, count]) =>
        html`<a
          href="${addressOf(view, { tab, messageId: undefined })}"
          ${tab === view.tab ? html`aria-current="page"` : ''}
          >${name}${count === undefined ? '' : html` <span class="count">${count}</span>`}</a
        >`,
    )}
  </nav>`
}

const favicon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4b4bb8"/><path d="M7 11.5h18v10H7zM7 12l9 6 9-6" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>',
)}`
