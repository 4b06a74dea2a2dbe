import { expect, test } from 'vitest'
import { mistakes } from '../tools/simulate/mistakes.ts'
import { explore, findMistake, runSeed } from '../tools/simulate/run.ts'
import { scenarios } from '../tools/simulate/scenarios.ts'

const names = Object.keys(scenarios)

test('a short simulation of several instances violates no invariant', async () => {
  const violations: string[] = []
  for (let seed = 1; seed <= 300; seed += 1) {
    const violation = await runSeed(names[seed % names.length] ?? '', seed)
    if (violation !== undefined) violations.push(`seed ${seed}: ${violation}`)
  }
  expect(violations).toEqual([])
})

test.each(names)(
  'no order of two requests on two instances violates an invariant: %s',
  async (name) => {
    expect(await explore(name, 0, 3000)).toMatchObject({
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

test.each(common)('the simulation finds a planted mistake: %s', async (name) => {
  expect(await findMistake(name, 0, 2000)).toBeDefined()
})

async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = []
  await runSeed('refresh', seed, { trace: (line) => void lines.push(line) })
  return lines
}
