/** Checks that apply to any option. Each throws a `TypeError`, whose message names the option and the fix. */

export function checkOption(isValid: unknown, message: string): asserts isValid {
  if (!isValid) throw new TypeError(message)
}

/** Whether this is a whole number from `min` to `max`. */
export function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}
