import type { Exchange } from './browser.ts'
import type { Site } from './site/site.ts'
import type { SiteFacts } from './site/site-facts.ts'

/** One property of an app that is checked, and how it is fixed. */
export interface Check {
  /** Kebab case: the name in JSON and JUnit. */
  readonly name: string
  /** What holds if the check passes, as a sentence without its full stop. */
  readonly title: string
  /** What to do if it does not hold. */
  readonly fix: string
  /** Why the check says nothing about this app; undefined if it does. @default it always applies */
  readonly notApplicable?: (facts: SiteFacts) => string | undefined
  /** Whether it needs no running app. @default false */
  readonly readsOutput?: true
  readonly run: (site: Site) => Promise<Findings>
}

/** What a check found. Without a problem, it held. */
export interface Findings {
  readonly problems: readonly Problem[]
  /** What the reader should know although it is no failure. */
  readonly notes?: readonly string[]
}

/** One fault of the app, and the exchange that shows it. */
export interface Problem {
  readonly problem: string
  readonly shownBy?: Exchange | undefined
  /** @default the fix of the check */
  readonly fix?: string
}

/** The outcome of one check, with no secret in it. */
export interface CheckResult {
  readonly name: string
  readonly title: string
  readonly status: 'held' | 'failed' | 'not-applicable' | 'error'
  /** Why it is not applicable, or why it could not run. */
  readonly reason?: string
  readonly problems: readonly ReportedProblem[]
  readonly notes: readonly string[]
}

/** A problem as it is reported. */
export interface ReportedProblem {
  readonly problem: string
  /** `GET /me` */
  readonly request?: string
  /** `401, clears DS` */
  readonly response?: string
  readonly fix: string
}
