// What a server process tells the bench, whenever it is asked.
import { PerformanceObserver } from 'node:perf_hooks'

/** Sends the time in microseconds so far: of CPU, and in which collections of garbage held everything up. */
export function reportUsage() {
  let collectionMs = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collectionMs += duration
  }).observe({ entryTypes: ['gc'] })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ cpuUs: user + system, collectionUs: collectionMs * 1000 })
  })
  process.on('disconnect', () => process.exit())
}
