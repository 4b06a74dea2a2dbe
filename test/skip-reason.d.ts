export type { TaskMeta } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test or a suite is skipped, where it is; printed at the end of a run. */
    skipReason?: string | undefined
  }
}
