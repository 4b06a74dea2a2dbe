/** One figure of a scenario, compared with its limit. */
export interface Finding {
  /** What was counted or measured, with its unit if it has one. */
  readonly what: string
  readonly value: number
  /** The limit as it is printed: `≤ 0`, `≥ 1990`. */
  readonly bar: string
  readonly holds: boolean
  /** Whether the figure depends on the machine as well: a time, an amount of memory. */
  readonly measured: boolean
}

/** A count of at least `least`. */
export function atLeast(what: string, value: number, least: number): Finding {
  return { what, value, bar: `≥ ${least}`, holds: value >= least, measured: false }
}

/** A count of at most `most`. */
export function atMost(what: string, value: number, most: number): Finding {
  return { what, value, bar: `≤ ${most}`, holds: value <= most, measured: false }
}

/** A count that must be `count`. */
export function exactly(what: string, value: number, count: number): Finding {
  return { what, value, bar: `= ${count}`, holds: value === count, measured: false }
}

/** A count that must be zero. */
export function none(what: string, value: number): Finding {
  return exactly(what, value, 0)
}

/** A measurement of at most `most`, rounded to two decimal places. */
export function measuredAtMost(what: string, value: number, most: number): Finding {
  return { ...atMost(what, Math.round(value * 100) / 100, most), measured: true }
}

/** A measurement from `least` to `most`, rounded to three decimal places. */
export function measuredBetween(what: string, value: number, least: number, most: number): Finding {
  const holds = value >= least && value <= most
  const rounded = Math.round(value * 1000) / 1000
  return { what, value: rounded, bar: `${least} to ${most}`, holds, measured: true }
}
