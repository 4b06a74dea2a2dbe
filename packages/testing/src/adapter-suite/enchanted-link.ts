import type { TestAdapter } from './adapter.ts'
import { approvalCases } from './enchanted-link/approval.ts'
import { codeCases } from './enchanted-link/code.ts'
import { enumerationCases } from './enchanted-link/enumeration.ts'
import { outcomeCases } from './enchanted-link/outcomes.ts'
import { pauseCases } from './enchanted-link/pause.ts'
import { pollLimitCases } from './enchanted-link/poll-limits.ts'
import { waitingCases } from './enchanted-link/waiting.ts'

/** Signing in by an enchanted link. */
export function enchantedLinkCases(adapter: TestAdapter): void {
  approvalCases(adapter)
  codeCases(adapter)
  outcomeCases(adapter)
  pauseCases(adapter)
  waitingCases(adapter)
  pollLimitCases(adapter)
  enumerationCases(adapter)
}
