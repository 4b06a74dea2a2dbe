import type { z } from 'zod'

/**
 * The first thing that is wrong, in one sentence that begins with its name. Pure. Schemas whose
 * messages users read give them as "must be …".
 */
export function explainIssue({ issues }: z.ZodError): string {
  const [issue] = issues
  if (issue === undefined) return 'It is not as expected.'
  const name = issue.path.join('.')
  const { message } = issue
  const sentence = message.endsWith('.') ? message : `${message}.`
  if (name === '') return sentence
  return message.startsWith('must ') ? `${name} ${sentence}` : `${name}: ${sentence}`
}

/** For a schema whose message users read: what the value must be. */
export function mustBe(what: string): { error: string } {
  return { error: `must be ${what}` }
}
