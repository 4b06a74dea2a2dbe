import { onlyKnown } from '@linkpass/core/internal'

/**
 * How long links live, in whole minutes, as the console says; one number where both kinds are alike.
 * The service does not tell it, so the app must.
 */
export type LinkLifetimeOption = number | { magic?: number; enchanted?: number }

/** How long links of each kind live, in minutes; undefined where not known. Frozen. */
export interface LinkLifetimes {
  readonly magic: number | undefined
  readonly enchanted: number | undefined
}

/** 30 days: more than a link should ever live, and less than ten minutes in milliseconds. */
const mostMinutes = 43_200

/**
 * Checks the option, and applies it to both kinds.
 *
 * @throws {TypeError} it is invalid; the message names it and the fix
 */
export function resolveLinkLifetimes(option: LinkLifetimeOption | undefined): LinkLifetimes {
  const name = 'linkLifetimeMinutes'
  if (typeof option !== 'object' || option === null) {
    const minutes = minutesOf(name, option)
    return Object.freeze({ magic: minutes, enchanted: minutes })
  }
  onlyKnown(name, option, ['magic', 'enchanted'])
  return Object.freeze({
    magic: minutesOf(`${name}.magic`, option.magic),
    enchanted: minutesOf(`${name}.enchanted`, option.enchanted),
  })
}

function minutesOf(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  const isWhole = typeof value === 'number' && Number.isInteger(value)
  if (isWhole && value >= 1 && value <= mostMinutes) return value
  throw new TypeError(
    `${name} must be a whole number of minutes from 1 to ${mostMinutes}, as the console has it.`,
  )
}
