/**
 * A reporter for vitest: prints, when a run ends, why tests were skipped, one line for each reason.
 * A test or a suite states its reason as `meta: { skipReason }`, or by `context.skip(reason)`.
 */
export default class SkipReasons {
  onInit(vitest) {
    this.vitest = vitest
  }

  onTestRunEnd(modules) {
    // `-t` skips all but the tests that were chosen.
    if (this.vitest.config.testNamePattern) return
    const counts = new Map()
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const reason = reasonOf(test)
        counts.set(reason, (counts.get(reason) ?? 0) + 1)
      }
    }
    for (const [reason, count] of counts) this.vitest.logger.log(`${count} skipped: ${reason}`)
  }
}

function reasonOf(test) {
  const { note } = test.result()
  for (let task = test; task.type !== 'module'; task = task.parent) {
    const { skipReason } = task.meta()
    if (skipReason) return skipReason
  }
  return note ?? `no reason given, as by ${test.module.relativeModuleId}`
}
