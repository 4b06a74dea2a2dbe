import { collectGarbage } from '../../packages/core/test/garbage.ts'

/** What is on the heap once everything that nobody holds is gone, in MB. */
export function liveHeapMb(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 1e6
}

/** How much `values` grow from one to the next: the slope of the line of least squares. */
export function slopeOf(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length
  const covariance = values.reduce((sum, value, x) => sum + (x - meanX) * (value - meanY), 0)
  const variance = values.reduce((sum, _, x) => sum + (x - meanX) ** 2, 0)
  return covariance / variance
}
