import { expect, test } from 'vitest'
import type * as errors from '../src/failure-error.ts'
import { FailureError } from '../src/failure-error.ts'

test('U16: a FailureError of another copy of the package is one', async () => {
  // As an app has that loads both builds, or two installations.
  const path = '../src/failure-error.ts?copy'
  const copy: typeof errors = await import(path)
  const foreign = new copy.FailureError({ kind: 'cross-site' })
  expect(copy.FailureError).not.toBe(FailureError)
  expect(foreign).toBeInstanceOf(FailureError)
  expect(new Error('text')).not.toBeInstanceOf(FailureError)
})
