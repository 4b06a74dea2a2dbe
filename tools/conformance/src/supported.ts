import type { SeenRequest, SupportedEndpoint } from './backend.ts'
import type { Choice } from './choices/choice.ts'

/** The results of a run, by the name of each SDK. */
export interface Findings {
  readonly endpoints: readonly SupportedEndpoint[]
  readonly requests: ReadonlyMap<string, readonly SeenRequest[]>
  readonly titles: ReadonlyMap<string, readonly string[]>
  /** All cases, in order. */
  readonly cases: readonly string[]
  readonly choices: readonly Choice[]
}

/** The text of SUPPORTED.md. It has no date, so that it changes only with the results. */
export function writeSupported(findings: Findings): string {
  const sdks = [...findings.requests.keys()]
  const endpointRows = findings.endpoints.map((endpoint) => [
    `${endpoint.method} \`${endpoint.path}\``,
    ...sdks.map((sdk) => mark(findings.requests.get(sdk)?.some((r) => matches(endpoint, r)))),
  ])
  const caseRows = findings.cases.map((title) => [
    title,
    ...sdks.map((sdk) => mark(findings.titles.get(sdk)?.includes(title))),
  ])
  const choiceRows = findings.choices.map(({ point, emulated, source, check }) => [
    point,
    emulated,
    source === 'docs' ? 'from the docs' : 'our choice',
    check ? 'can be' : 'by hand',
  ])
  return [
    '# What the emulator supports',
    '',
    'Written by `npm run conformance` from a run of the unmodified official SDKs and of',
    '`@linkpass/core` against the emulator; the run fails when this file is out of date.',
    '',
    '**It has not been run against the live service yet.** `npm run conformance -- --live` does, in a',
    'project used for nothing else, and prints which of the points below it confirms.',
    '',
    '## Cases',
    '',
    table(['what was done', ...sdks], caseRows),
    '',
    'A dash: the SDK has no such call. `@descope/nextjs-sdk` is its server part,',
    '`@descope/react-sdk` an app in Chromium, of another origin than the emulator (first run on',
    '2026-11-30), and `@descope/react-native-sdk` its JavaScript, on a stand-in for the native side.',
    '',
    '## Languages',
    '',
    table(['calls', ...languages], languageRows),
    '',
    'The official SDK of each language, and when its calls were last run against the emulator. JavaScript',
    'is run by every run of `npm run conformance`; the others were run by hand, and not since. A dash: not',
    'run. The Android SDK insists on https by default: start the emulator with `--tls`.',
    '',
    '## Endpoints',
    '',
    table(['endpoint', ...sdks], endpointRows),
    '',
    'A dash: the SDK does not call it, or only other SDKs do, whose requests have tests of their own.',
    '',
    '## Where no source is clear',
    '',
    'Statuses of error codes, lifetimes and much else of the live service is not published. This is',
    'what the emulator does, and whether a document says so. "can be": `--live` checks it.',
    '',
    table(['point', 'the emulator', 'source', 'checked live'], choiceRows),
    '',
    '## Not emulated',
    '',
    'Passwords, one-time codes, TOTP, passkeys, OAuth, SSO and its code exchange, flows, impersonation,',
    'FGA, and the rest of the management API. Their paths return 501 E000501 with a sentence that names',
    'what is there. A path that the service does not have returns 404.',
    '',
  ].join('\n')
}

const languages = ['JavaScript', 'Python', 'Go', 'Java', 'Swift', 'Kotlin', 'Flutter']
const byHand = ['2026-11-30', '2026-11-29', '2026-11-29', '2026-11-29', '2026-11-29', '2026-11-29']
const languageRows = [
  ['magic links', 'each run', ...byHand],
  ['enchanted links', 'each run', ...byHand],
  ['sessions', 'each run', ...byHand],
  // The endpoints of the management API came after the day on which the others were run.
  ['management', 'each run', '2026-11-30', '–', '–', '–', '–', '–'],
]

/** Whether a request went to an endpoint; `:name` takes one segment. */
export function matches(endpoint: SupportedEndpoint, request: SeenRequest): boolean {
  const wanted = endpoint.path.split('/')
  const got = request.path.split('/')
  if (endpoint.method !== request.method || wanted.length !== got.length) return false
  return wanted.every((part, i) => part.startsWith(':') || part === got[i])
}

function mark(yes: boolean | undefined): string {
  return yes === true ? '✓' : '–'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
