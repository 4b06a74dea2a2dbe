import { html } from 'hono/html'
import type { RequestEntry } from '../world/events.ts'
import type { Fault } from '../world/faults/fault.ts'
import type { Markup } from './layout.ts'
import { timeOfDay } from './format.ts'

/** The newest requests to the service, with the reason for each error response. */
export function requestList(requests: readonly RequestEntry[], faults: readonly Fault[]): Markup {
  return html`<section class="request-log" aria-labelledby="requests-title">
    <h2 id="requests-title">Requests</h2>
    ${faults.length === 0 ? '' : pendingFaults(faults)}
    <div id="requests">
      ${
        requests.length === 0
          ? html`<p>There are no requests to the service yet.</p>`
          : html`<ol>
              ${requests.map(row)}
            </ol>`
      }
    </div>
  </section>`
}

function pendingFaults(faults: readonly Fault[]): Markup {
  return html`<ul class="faults" aria-label="Pending faults">
    ${faults.map(
      (fault) =>
        html`<li>
          Fault ${fault.remaining === 'always' ? '' : `(${fault.remaining} left)`}
          <code>${JSON.stringify(fault, omitInternalFields)}</code>
        </li>`,
    )}
  </ul>`
}

function omitInternalFields(key: string, value: unknown): unknown {
  return ['id', 'times', 'remaining'].includes(key) ? undefined : value
}

function row(entry: RequestEntry): Markup {
  const failed = entry.status >= 400 || entry.fault !== undefined
  return html`<li class="${failed ? 'failed' : 'succeeded'}">
    <time>${timeOfDay(entry.at)}</time>
    <span class="status"
      ><span aria-hidden="true">${failed ? '✕' : '✓'}</span> ${entry.status || 'closed'}</span
    >
    <code class="path">${entry.method} ${entry.path}</code>
    <span class="by"
      >${entry.sdk === undefined ? '' : `${entry.sdk} · `}${Math.round(entry.durationMs)} ms</span
    >
    ${
      failed
        ? html`<p class="reason">
            ${entry.fault === undefined ? '' : html`<strong>Fault:</strong> ${entry.fault}. `}
            ${entry.errorCode === undefined ? '' : html`<code>${entry.errorCode}</code> `}${entry.hint}
          </p>`
        : ''
    }
  </li>`
}
