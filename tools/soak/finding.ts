/** One figure of a proof, held against its bar. */
export interface Finding {
  /** What was counted or measured, with its unit if it has one. */
  readonly what: string
  readonly value: number
  /** The bar as it is printed: `≤ 0`, `≥ 1990`. */
  readonly bar: string
  readonly holds: boolean
  /** Whether the figure is the machine's as much as the code's: a time, a share of memory. */
  readonly measured: boolean
}

/** A count that must reach `least`. */
export function atLeast(what: string, value: number, least: number): Finding {
  return { what, value, bar: `≥ ${least}`, holds: value >= least, measured: false }
}

/** A count that must not pass `most`. */
export function atMost(what: string, value: number, most: number): Finding {
  return { what, value, bar: `≤ ${most}`, holds: value <= most, measured: false }
}

/** A count that must be just so many. */
export function exactly(what: string, value: number, count: number): Finding {
  return { what, value, bar: `= ${count}`, holds: value === count, measured: false }
}

/** A count that must be nought. */
export function none(what: string, value: number): Finding {
  return exactly(what, value, 0)
}

/** A measurement that must not pass `most`; printed to two places. */
export function measuredAtMost(what: string, value: number, most: number): Finding {
  return { ...atMost(what, Math.round(value * 100) / 100, most), measured: true }
}
