import { html } from 'hono/html'
import type { RequestEntry } from '../world/events.ts'
import type { Markup } from './shell.ts'
import { timeOfDay } from './wording.ts'

/** The newest requests to the service, with the reason for each refusal. */
export function requestList(requests: readonly RequestEntry[]): Markup {
  return html`<section class="requests" aria-labelledby="requests-title">
    <h1 id="requests-title">Requests</h1>
    <div id="requests">
      ${
        requests.length === 0
          ? html`<p>Nothing has called the service yet.</p>`
          : html`<ol>
              ${requests.map(row)}
            </ol>`
      }
    </div>
  </section>`
}

function row(entry: RequestEntry): Markup {
  const refused = entry.status >= 400 || entry.fault !== undefined
  return html`<li class="${refused ? 'refused' : 'answered'}">
    <time>${timeOfDay(entry.at)}</time>
    <span class="status"
      ><span aria-hidden="true">${refused ? '✕' : '✓'}</span> ${entry.status || 'cut'}</span
    >
    <code class="path">${entry.method} ${entry.path}</code>
    <span class="by">${entry.sdk ?? ''} ${Math.round(entry.durationMs)} ms</span>
    ${
      refused
        ? html`<p class="why">
            ${entry.fault === undefined ? '' : html`<strong>Fault:</strong> ${entry.fault}. `}
            ${entry.errorCode === undefined ? '' : html`<code>${entry.errorCode}</code> `}${entry.hint}
          </p>`
        : ''
    }
  </li>`
}
