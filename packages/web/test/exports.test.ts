import { expect, test } from 'vitest'
import * as web from '@linkpass/web'

test('the package exports these values and no others', () => {
  expect(Object.keys(web).sort()).toEqual([
    'FailureError',
    'createWebAuth',
    'getAuth',
    'getSession',
    'requireBearerSession',
    'responseTo',
    'setCookieLine',
  ])
})
