import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { StepFailedError, walkJourney } from './journey/journey.ts'
import { steps } from './journey/steps.ts'

test('a person signs in by magic link, in eight steps', async () => {
  const walked: number[] = []
  for await (const { number } of walkJourney()) walked.push(number)
  expect(walked).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test.each([
  { number: 1, path: '/v1/auth/magiclink/signup-in/email' },
  { number: 5, path: '/v1/auth/magiclink/verify' },
  { number: 8, path: '/v1/auth/refresh' },
])('with $path out of order the journey ends at step $number and says so', async (fault) => {
  const walk = async () => {
    const steps = walkJourney((before, emulator) => {
      if (before === fault.number) emulator.faults.add({ path: fault.path, status: 500 })
    })
    for await (const { number } of steps) expect(number).toBeLessThan(fault.number)
  }
  const error: unknown = await walk().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StepFailedError)
  expect(error).toMatchObject({ number: fault.number })
})

test('every file of the journey exists, and ARCHITECTURE.md names the same ones', () => {
  const architecture = readFileSync('ARCHITECTURE.md', 'utf8')
  for (const { title, files } of steps) {
    expect(architecture).toContain(title)
    for (const file of files) {
      expect(existsSync(file), file).toBe(true)
      expect(architecture).toContain(file.replace(/^packages\/(\w+)\/src\/(.*)$/, '$1: `$2`'))
    }
  }
})
