import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The published test vectors, which some checkouts have beside them. */
export const vectorsFolder: string = fileURLToPath(
  new URL('../../../../../shared/vectors/', import.meta.url),
)

/** The text of one file of the test vectors. */
export function readVectors(name: string): string {
  return readFileSync(vectorsFolder + name, 'utf8')
}
