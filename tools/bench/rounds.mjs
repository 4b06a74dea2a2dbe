// Interleaved rounds: every contender runs once in each round, in an order that rotates, so that a
// slow minute of the machine affects all of them; a ratio is the median of the rounds' own ratios.

/** The middle value; for an even count, the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Runs every contender once per round and keeps what it returned (a cost: smaller is better).
 * The first `warmup` rounds are thrown away.
 */
export async function interleave(contenders, { rounds = 12, warmup = 2 } = {}) {
  const names = Object.keys(contenders)
  const costs = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = -warmup; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length * warmup) % names.length]
      const cost = await contenders[name](Math.max(round, 0))
      if (round >= 0) costs[name].push(cost)
    }
  }
  return costs
}

/** Of each round's `count` slices, the fastest. */
export function fastestOfEach(slices, count) {
  return Array.from({ length: slices.length / count }, (_, round) =>
    slices
      .slice(round * count, (round + 1) * count)
      .reduce((best, slice) => (slice.us < best.us ? slice : best)),
  )
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** How many times cheaper `name` was than `than`: the median over paired rounds. */
export function timesCheaper(costs, name, than) {
  return median(costs[name].map((cost, round) => costs[than][round] / cost))
}

/** Milliseconds that `work` took. */
export async function timed(work) {
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Microseconds of CPU this process used while `work` ran. */
export async function cpu(work) {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** Prints a table in Markdown. */
export function table(title, head, rows) {
  console.log(`\n### ${title}\n`)
  console.log(`| ${head.join(' | ')} |`)
  console.log(`|${head.map((_, i) => (i === 0 ? '---' : '--:')).join('|')}|`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}

export const ratio = (value) => (value >= 20 ? value.toFixed(0) : value.toFixed(2))
