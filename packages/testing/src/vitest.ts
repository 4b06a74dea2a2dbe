/** Helpers that only work inside a vitest run. */
export { expectQuietProcess } from './quiet-process.ts'
export { hasVectors, vectorsOrSkip } from './tokens/vectors-or-skip.ts'
