import { html } from 'hono/html'
import type { ScanReport, ScanVisit, ScannedLink } from '../visitors/scan.ts'
import type { Markup } from './layout.ts'

const manners: Readonly<Record<ScanVisit, string>> = {
  head: 'asks for the headers',
  get: 'opens the link',
  'headless-get': 'opens it as a browser would',
  submit: 'opens it and presses the button',
}

/** How the app took the scanner drill, visit by visit. */
export function scanResult(report: ScanReport): Markup {
  return html`<p class="verdict ${report.safe ? 'safe' : 'unsafe'}" role="status">
      <span aria-hidden="true">${report.safe ? '✓' : '✕'}</span> ${verdict(report)}
    </p>
    <ol class="visits">
      ${report.visits.map(visitLine)}
    </ol>`
}

function verdict({ safe, spentBy }: ScanReport): string {
  if (spentBy === null) return 'Safe: no visit spent a link.'
  if (safe) return 'Safe: only the press of the button spent the link, as it should.'
  return `Not safe: a scanner that ${manners[spentBy]} locks the reader out.`
}

function visitLine({ visit, number, requests, spent }: ScannedLink): Markup {
  const outcomes = requests.map(({ method, path, status, problem }) =>
    problem === undefined ? `${method} ${path} → ${status}` : `${method} ${path}: ${problem}`,
  )
  return html`<li>
    A scanner that ${manners[visit]}${number === undefined ? '' : ` (${number})`}:
    <strong>${spent ? 'spent' : 'not spent'}</strong>
    ${outcomes.map((outcome) => html`<code>${outcome}</code>`)}
  </li>`
}
