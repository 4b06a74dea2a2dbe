import type { z } from 'zod'

/**
 * The first issue of a schema error, in one sentence that begins with the name of the field. Schemas
 * whose messages users read state them with {@link mustBe}.
 */
export function describeSchemaError({ issues }: z.ZodError): string {
  const [issue] = issues
  if (issue === undefined) return 'The value is invalid.'
  const name = issue.path.join('.')
  const { message } = issue
  const sentence = message.endsWith('.') ? message : `${message}.`
  if (name === '') return sentence
  return message.startsWith('must ') ? `${name} ${sentence}` : `${name}: ${sentence}`
}

/** A schema message that states what the value must be. */
export function mustBe(what: string): { error: string } {
  return { error: `must be ${what}` }
}
