/** Throws a `TypeError` unless an option is valid. The message names the option, and says what is valid. */
export function checkOption(isValid: unknown, message: string): asserts isValid {
  if (!isValid) throw new TypeError(message)
}

/** Only known options, since a misspelt one would be ignored silently. */
export function onlyKnown(owner: string, options: unknown, known: readonly string[]): void {
  const names = known.join(', ')
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  checkOption(isObject, `${owner} must be an object; it has ${names}.`)
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  checkOption(unknown === undefined, `${owner} has no option "${unknown}"; it has ${names}.`)
}

export function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}

/** A number within bounds, both included; `fallback` if not given. */
export function inRange<Fallback extends number | undefined>(
  name: string,
  value: unknown,
  fallback: Fallback,
  min: number,
  max: number,
): number | Fallback {
  if (value === undefined) return fallback
  const isWithin = typeof value === 'number' && value >= min && value <= max
  checkOption(isWithin, `${name} must be a number from ${min} to ${max}.`)
  return value
}

/** Text that can be sent in a header as it is; an empty string counts as not given. */
export function optionalText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  const isPrintable = typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
  checkOption(isPrintable, `${name} must be a string of printable ASCII characters without spaces.`)
  return value
}

/** A frozen copy of a list of non-empty strings, if given. */
export function textList(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  const isList = Array.isArray(value) && value.length > 0 && value.every(isText)
  checkOption(isList, `${name} must be a non-empty list of non-empty strings.`)
  return Object.freeze([...value])
}

/** An object with these methods, if given. Otherwise a missing one would fail at the first request. */
export function withMethods<T extends object>(
  name: string,
  value: T | undefined,
  ...methods: readonly (keyof T & string)[]
): T | undefined {
  if (value === undefined) return undefined
  const missing = methods.find((method) => typeof value?.[method] !== 'function')
  checkOption(missing === undefined, `${name} must be an object with the method ${missing}.`)
  return value
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** The deadline of a call in milliseconds, 10,000 if not given. Whole, as timers and stores need it. */
export function deadlineMs(value: unknown): number {
  return Math.ceil(inRange('timeoutMs', value, 10_000, 1, 600_000))
}
