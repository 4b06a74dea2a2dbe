import { existsSync } from 'node:fs'
import type { TestContext } from 'vitest'
import { vectorsFolder } from './vectors.ts'

/** Whether the test vectors are here. */
export const hasVectors: boolean = existsSync(vectorsFolder)

/** Skips a test, with the reason, where the test vectors are absent; fits `beforeEach`. */
export function vectorsOrSkip(context: TestContext): void {
  context.skip(!hasVectors, 'the test vectors are not at ../shared/vectors')
}
