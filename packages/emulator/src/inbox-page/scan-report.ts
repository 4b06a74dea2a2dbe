import { html } from 'hono/html'
import type { ScanReport, ScanVisit, ScannedLink } from '../visitors/scan.ts'
import type { Markup } from './layout.ts'

const descriptions: Readonly<Record<ScanVisit, string>> = {
  head: 'requests the headers',
  get: 'opens the link',
  'headless-get': 'opens the link in a browser',
  submit: 'opens the link and submits the form',
}

/**
 * The result of the scanner drill, with one line for each visit. The verdict has the focus, so that it
 * is in view when the page has loaded.
 */
export function scanReport(report: ScanReport): Markup {
  const { kind, shape } = looks(report)
  return html`<p class="verdict ${kind}" role="status" tabindex="-1" autofocus>
      <span aria-hidden="true">${shape}</span> ${verdict(report)}
    </p>
    <ol class="visits">
      ${report.visits.map(visitLine)}
    </ol>`
}

function looks({ safe }: ScanReport): { kind: string; shape: string } {
  if (safe === null) return { kind: 'none', shape: '–' }
  return safe ? { kind: 'safe', shape: '✓' } : { kind: 'unsafe', shape: '✕' }
}

const noResults: Readonly<Record<Exclude<ScanReport['outcome'], 'completed'>, string>> = {
  used: 'No result: a link of this message was used before. Send a new one and scan it unopened.',
  expired: 'No result: the link has expired. Send a new one and scan it before it expires.',
  void: 'No result: another link of this message was used before. Send a new one.',
  unreachable: 'No result: the app did not respond. Check that it is running.',
}

function verdict({ outcome, safe, redeemedBy }: ScanReport): string {
  if (outcome !== 'completed') return noResults[outcome]
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
