import type { CheckResult, ReportedProblem } from './check.ts'
import type { CheckedApp } from './run-checks.ts'

/** 0 if everything held, 1 if a check failed, 2 if one could not run. */
export function exitCodeOf(results: readonly CheckResult[]): 0 | 1 | 2 {
  if (results.some(({ status }) => status === 'failed')) return 1
  return results.some(({ status }) => status === 'error') ? 2 : 0
}

/** The first lines of the text: which app was found. */
export function headerText({ origin, signIn, page, logout }: CheckedApp): string {
  const routes = [
    `sign-in ${signIn}`,
    page === undefined ? 'no guarded page found' : `page GET ${page}`,
    logout === undefined ? 'no sign-out found' : `sign-out ${logout}`,
  ]
  return `${origin}: ${routes.join(', ')}\n`
}

const words = {
  held: 'held  ',
  failed: 'FAILED',
  'not-applicable': 'n/a   ',
  error: 'ERROR ',
} as const

/** One result as text: a line, and below it what was found. */
export function resultText({ name, title, status, reason, problems, notes }: CheckResult): string {
  const line = `${words[status]}  ${name.padEnd(16)} ${title}`
  const below = [
    ...(reason === undefined ? [] : [reason]),
    ...problems.flatMap((problem) => problemLines(problem)),
    ...notes.map((note) => `note: ${note}`),
  ]
  return [line, ...below.map((text) => `        ${text}`)].join('\n')
}

function problemLines({ problem, request, response, fix }: ReportedProblem): readonly string[] {
  return [
    problem,
    ...(request === undefined ? [] : [`request:  ${request}`]),
    ...(response === undefined ? [] : [`response: ${response}`]),
    `fix:      ${fix}`,
  ]
}

/** `12 held, 1 failed, 1 not applicable` */
export function summaryText(results: readonly CheckResult[]): string {
  const count = (status: CheckResult['status'], what: string): string[] => {
    const found = results.filter((result) => result.status === status).length
    return found === 0 ? [] : [`${found} ${what}`]
  }
  return [
    ...count('held', 'held'),
    ...count('failed', 'failed'),
    ...count('not-applicable', 'not applicable'),
    ...count('error', 'could not run'),
  ].join(', ')
}

/** The results as JUnit XML, which CI systems show. */
export function junitXml(results: readonly CheckResult[]): string {
  const count = (status: CheckResult['status']): number =>
    results.filter((result) => result.status === status).length
  const suite = `<testsuite name="linkpass check" tests="${results.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('not-applicable')}">`
  const cases = results.map((result) => {
    const name = `<testcase classname="linkpass check" name="${xml(`${result.name}: ${result.title}`)}"`
    const inside = outcomeXml(result)
    return inside === '' ? `  ${name}/>` : `  ${name}>${inside}</testcase>`
  })
  return ['<?xml version="1.0" encoding="UTF-8"?>', suite, ...cases, '</testsuite>', ''].join('\n')
}

function outcomeXml({ status, reason = '', problems }: CheckResult): string {
  if (status === 'not-applicable') return `<skipped message="${xml(reason)}"/>`
  if (status === 'error') return `<error message="${xml(reason)}"/>`
  if (status === 'held') return ''
  const [first] = problems
  const text = problems.map((problem) => problemLines(problem).join('\n')).join('\n\n')
  return `<failure message="${xml(first?.problem ?? '')}">${xml(text)}</failure>`
}

function xml(text: string): string {
  // XML 1.0 forbids control characters even when they are escaped.
  return text
    .replace(/(?![\t\n\r])\p{Cc}/gu, '')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
