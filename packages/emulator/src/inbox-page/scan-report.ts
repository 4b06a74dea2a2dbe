import { html } from 'hono/html'
import type { ScanReport, ScanVisit, ScannedLink } from '../visitors/scan.ts'
import type { Markup } from './layout.ts'

const descriptions: Readonly<Record<ScanVisit, string>> = {
  head: 'requests the headers',
  get: 'opens the link',
  'headless-get': 'opens the link in a browser',
  submit: 'opens the link and submits the form',
}

/** The result of the scanner drill, with one line for each visit. */
export function scanReport(report: ScanReport): Markup {
  return html`<p class="verdict ${report.safe ? 'safe' : 'unsafe'}" role="status">
      <span aria-hidden="true">${report.safe ? '✓' : '✕'}</span> ${verdict(report)}
    </p>
    <ol class="visits">
      ${report.visits.map(visitLine)}
    </ol>`
}

function verdict({ safe, redeemedBy }: ScanReport): string {
  if (redeemedBy === null) return 'Safe: no visit redeemed a link.'
  if (safe) return 'Safe: only submitting the form redeemed the link, as expected.'
  return `Not safe: a scanner that ${descriptions[redeemedBy]} uses it up before the user.`
}

function visitLine({ visit, number, requests, redeemed }: ScannedLink): Markup {
  const outcomes = requests.map(({ method, path, status, problem }) =>
    problem === undefined ? `${method} ${path} → ${status}` : `${method} ${path}: ${problem}`,
  )
  return html`<li>
    A scanner that ${descriptions[visit]}${number === undefined ? '' : ` (${number})`}:
    <strong>${redeemed ? 'redeemed' : 'not redeemed'}</strong>
    ${outcomes.map((outcome) => html`<code>${outcome}</code>`)}
  </li>`
}
