import { html } from 'hono/html'
import type { RequestEntry } from '../world/events.ts'
import type { Fault } from '../world/faults/fault-registry.ts'
import type { Markup } from './layout.ts'
import { timeOfDay } from './format.ts'

/** The newest requests to the service, with the reason for each refusal. */
export function requestList(requests: readonly RequestEntry[], faults: readonly Fault[]): Markup {
  return html`<section class="journal" aria-labelledby="requests-title">
    <h2 id="requests-title">Requests</h2>
    ${faults.length === 0 ? '' : armedFaults(faults)}
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

function armedFaults(faults: readonly Fault[]): Markup {
  return html`<ul class="faults" aria-label="Faults that will hit">
    ${faults.map(
      (fault) =>
        html`<li>
          Fault ${fault.remaining === 'always' ? '' : `(${fault.remaining} left)`}
          <code>${JSON.stringify(fault, withoutBookkeeping)}</code>
        </li>`,
    )}
  </ul>`
}

function withoutBookkeeping(key: string, value: unknown): unknown {
  return ['id', 'times', 'remaining'].includes(key) ? undefined : value
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
