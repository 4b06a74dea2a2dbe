import type { Finding } from '../soak/finding.ts'

/** The inputs of one half: so many, from this one on. */
export interface Share {
  readonly count: number
  readonly seed: number
  /** The number of the first input: with the seed it makes an input again. */
  readonly first: number
  /** When it is over, however far it came: milliseconds since the epoch. */
  readonly endsAt: number
  /** Hears how many are done, now and then. */
  readonly onProgress?: (done: number) => void
}

/** What a half came to. */
export interface Tally {
  readonly findings: readonly Finding[]
  /** How often each thing came out. */
  readonly outcomes: readonly (readonly [outcome: string, times: number])[]
  /** The first complaints, in full, with the number of the input. */
  readonly complaints: readonly string[]
}

/** Counts outcomes and keeps complaints; the rest of a half is what it does. */
export interface Notes {
  outcome(name: string): void
  complain(input: number, what: string): void
  took(ms: number, what: string): void
  tally(): Pick<Tally, 'outcomes' | 'complaints'>
  readonly complaintCount: number
  /** How many took longer than they may. */
  readonly slowCount: number
  readonly slowestMs: number
  readonly slowest: string
}

/** How long an input may take. */
const longestMs = 100
/** Enough to see what is wrong, and not to fill a screen. */
const keptComplaints = 20

/** A blank sheet. */
export function createNotes(): Notes {
  const outcomes = new Map<string, number>()
  const complaints: string[] = []
  let complaintCount = 0
  let slowCount = 0
  let slowestMs = 0
  let slowest = 'none'
  return {
    outcome: (name) => {
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
    },
    complain: (input, what) => {
      complaintCount += 1
      if (complaints.length < keptComplaints) complaints.push(`input ${input}: ${what}`)
    },
    took: (ms, what) => {
      if (ms > longestMs) slowCount += 1
      if (ms <= slowestMs) return
      slowestMs = ms
      slowest = what
    },
    tally: () => ({ outcomes: [...outcomes].sort((a, b) => b[1] - a[1]), complaints }),
    get complaintCount() {
      return complaintCount
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
