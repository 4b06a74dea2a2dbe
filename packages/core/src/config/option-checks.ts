/** Checks that apply to any option. Each throws a `TypeError` that names the option. */

/** Only known options, since a misspelt one would be ignored silently. */
export function onlyKnown(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${owner} must be an object; it has ${known.join(', ')}.`)
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`${owner} has no option "${unknown}"; it has ${known.join(', ')}.`)
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
  if (typeof value === 'number' && value >= min && value <= max) return value
  throw new TypeError(`${name} must be a number from ${min} to ${max}.`)
}

/** Text that can be sent in a header as it is; an empty string counts as not given. */
export function optionalText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value
  throw new TypeError(`${name} must be a string of printable ASCII characters without spaces.`)
}

/** A frozen copy of a list of non-empty strings, if given. */
export function textList(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.length > 0 && value.every(isText)) {
    return Object.freeze([...value])
  }
  throw new TypeError(`${name} must be a non-empty list of non-empty strings.`)
}

/** An object with these methods, if given. Otherwise a missing one would fail at the first request. */
export function withMethods<T extends object>(
  name: string,
  value: T | undefined,
  ...methods: readonly (keyof T & string)[]
): T | undefined {
  if (value === undefined) return undefined
  const missing = methods.find((method) => typeof value?.[method] !== 'function')
  if (missing === undefined) return value
  throw new TypeError(`${name} must be an object with the method ${missing}.`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** The deadline of a call in milliseconds, 10,000 if not given. Whole, as timers and stores need it. */
export function deadlineMs(value: unknown): number {
  return Math.ceil(inRange('timeoutMs', value, 10_000, 1, 600_000))
}

export function abortSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value
  throw new TypeError('signal must be an AbortSignal.')
}
