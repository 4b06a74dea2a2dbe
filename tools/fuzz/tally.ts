import type { Finding } from '../soak/finding.ts'

/** The inputs of one half. */
export interface Share {
  readonly count: number
  readonly seed: number
  /** The number of the first input. The seed and its number reproduce an input. */
  readonly first: number
  /** When the half ends in any case: milliseconds since the epoch. */
  readonly endsAt: number
  /** Called from time to time with the number of inputs done. */
  readonly onProgress?: (done: number) => void
}

/** The result of a half. */
export interface Tally {
  readonly findings: readonly Finding[]
  /** How often each outcome occurred. */
  readonly outcomes: readonly (readonly [outcome: string, times: number])[]
  /** The first violations, in full, with the number of the input. */
  readonly violations: readonly string[]
}

/** Counts outcomes and keeps violations while a half runs. */
export interface Notes {
  outcome(name: string): void
  violate(input: number, what: string): void
  took(ms: number, what: string): void
  tally(): Pick<Tally, 'outcomes' | 'violations'>
  readonly violationCount: number
  /** How many inputs took longer than the limit. */
  readonly slowCount: number
  readonly slowestMs: number
  readonly slowest: string
}

/** How long an input may take, in milliseconds. */
const longestMs = 100
/** How many violations are printed. */
const keptViolations = 20

/** Creates empty notes. */
export function createNotes(): Notes {
  const outcomes = new Map<string, number>()
  const violations: string[] = []
  let violationCount = 0
  let slowCount = 0
  let slowestMs = 0
  let slowest = 'none'
  return {
    outcome: (name) => {
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
    },
    violate: (input, what) => {
      violationCount += 1
      if (violations.length < keptViolations) violations.push(`input ${input}: ${what}`)
    },
    took: (ms, what) => {
      if (ms > longestMs) slowCount += 1
      if (ms <= slowestMs) return
      slowestMs = ms
      slowest = what
    },
    tally: () => ({ outcomes: [...outcomes].sort((a, b) => b[1] - a[1]), violations }),
    get violationCount() {
      return violationCount
    },
    get slowCount() {
      return slowCount
    },
    get slowestMs() {
      return slowestMs
    },
    get slowest() {
      return slowest
    },
  }
}
