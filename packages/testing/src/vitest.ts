/** Helpers that only work inside a vitest run. */
export { expectQuietProcess } from './quiet-process.ts'
export { hasVectors, vectorsOrSkip } from './vectors-or-skip.ts'
