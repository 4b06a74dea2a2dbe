import { collectGarbage } from '@linkpass/testing'

/** The size of the heap in MB after a garbage collection. */
export function liveHeapMb(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 1e6
}

/** How much `values` grow from one to the next: the slope of a least-squares line. */
export function slopeOf(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length
  const covariance = values.reduce((sum, value, x) => sum + (x - meanX) * (value - meanY), 0)
  const variance = values.reduce((sum, _, x) => sum + (x - meanX) ** 2, 0)
  return covariance / variance
}
