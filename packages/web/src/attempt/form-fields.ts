import { checkOption } from '@linkpass/core/internal'

export const profileFields = ['name', 'givenName', 'middleName', 'familyName'] as const

/** The fields of the sign-in form that have a meaning here. */
export const ownFields: readonly string[] = ['loginId', 'method', 'returnTo', ...profileFields]

/** Checks the option `extraFields`: a list of names, of which none stands for something here. */
export function extraFieldsOf(given: unknown = []): readonly string[] {
  const isName = (name: unknown): name is string => typeof name === 'string' && name !== ''
  checkOption(
    Array.isArray(given) && given.every(isName),
    'extraFields must be a list of names, such as ["cf-turnstile-response"].',
  )
  const taken = given.find((name) => ownFields.includes(name))
  checkOption(
    taken === undefined,
    `extraFields: "${taken}" is a field of the sign-in form already.`,
  )
  return Object.freeze([...given])
}
