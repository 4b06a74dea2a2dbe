import type { NamedFinding } from './diagnosis.ts'

const words = { ok: 'ok     ', problem: 'PROBLEM', warning: 'warning', skipped: 'skipped' } as const

/** One finding as text: a line, and below it what was expected and what to do. */
export function findingText(finding: NamedFinding): string {
  const line = `${words[finding.status]}  ${finding.name.padEnd(13)} ${finding.found}`
  if (!('fix' in finding)) return line
  return `${line}\n         expected: ${finding.expected}\n         fix:      ${finding.fix}`
}
