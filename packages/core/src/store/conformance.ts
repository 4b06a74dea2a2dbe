import type { Conformance } from './conformance/check.ts'
import { instanceChecks } from './conformance/instances.ts'
import { outageChecks } from './conformance/outages.ts'
import { timeChecks } from './conformance/times.ts'
import { valueChecks } from './conformance/values.ts'

export type { Conformance, StateStoreHarness } from './conformance/check.ts'

/**
 * The requirements of every {@link StateStore}, as named checks for any test runner:
 *
 * ```ts
 * for (const { name, needs, run } of stateStoreConformance) {
 *   test.skipIf(needs.some((part) => harness[part] === undefined))(name, () => run(harness))
 * }
 * ```
 */
export const stateStoreConformance: readonly Conformance[] = Object.freeze([
  ...valueChecks,
  ...timeChecks,
  ...instanceChecks,
  ...outageChecks,
])
