import { expect, test } from 'vitest'
import { mistakes } from '../tools/simulate/mistakes.ts'
import { explore, findMistake, runSeed } from '../tools/simulate/run.ts'
import { scenarios } from '../tools/simulate/scenarios.ts'

const all = Object.entries(scenarios)

test('a short simulation of several instances violates no invariant', async () => {
  const violations: string[] = []
  for (let seed = 1; seed <= 300; seed += 1) {
    const scenario = all[seed % all.length]?.[1] ?? scenarios.refresh
    const violation = await runSeed(scenario, seed)
    if (violation !== undefined) violations.push(`seed ${seed}: ${violation}`)
  }
  expect(violations).toEqual([])
})

test.each(all)(
  'no order of two requests on two instances violates an invariant: %s',
  async (_, scenario) => {
    expect(await explore(scenario, 0, 3000)).toMatchObject({
      violation: undefined,
      isComplete: true,
    })
  },
)

test('a schedule is the same each time it is run by its seed', async () => {
  const [first, second] = await Promise.all([traceOf(5), traceOf(5)])
  expect(first).toEqual(second)
  expect(first).not.toEqual(await traceOf(8))
})

const common = Object.entries(mistakes).filter(([, [, , rarity]]) => rarity !== 'rare')

test.each(common)('the simulation finds a planted mistake: %s', async (_, mistake) => {
  expect(await findMistake(mistake, 0, 2000)).toBeDefined()
})

async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = []
  await runSeed(scenarios.refresh, seed, (line) => void lines.push(line))
  return lines
}
