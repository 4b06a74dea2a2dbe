import type { DoctorFacts } from './facts.ts'

/** One thing that is examined. It decides from the facts alone. */
export interface Diagnosis {
  /** Kebab case: the name in JSON. */
  readonly name: string
  readonly examine: (facts: DoctorFacts) => Finding
}

/**
 * What was found. A `problem` makes the exit code 1; a `warning` is worth reading; `skipped` was not
 * examined, and `found` says why.
 */
export type Finding =
  | { readonly status: 'ok' | 'skipped'; readonly found: string }
  | {
      readonly status: 'problem' | 'warning'
      readonly found: string
      readonly expected: string
      /** What to do. */
      readonly fix: string
    }

/** A finding with the name of what was examined. */
export type NamedFinding = Finding & { readonly name: string }
