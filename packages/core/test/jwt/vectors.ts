import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../../../shared/vectors/', import.meta.url))

/** Whether the shared test data is here; says so when it is not. */
export function hasVectors(): boolean {
  if (existsSync(folder)) return true
  process.stderr.write('Skipped: the test vectors are not at ../shared/vectors.\n')
  return false
}

/** One file of the shared test data. */
export function readVectors(name: string): string {
  return readFileSync(folder + name, 'utf8')
}
