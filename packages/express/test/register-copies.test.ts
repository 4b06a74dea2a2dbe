import { expect, test } from 'vitest'
import type * as guards from '../src/guard.ts'
import { startExpressApp } from './express-adapter.ts'

test('U16: register of another copy of the package sets req.auth, too', async () => {
  await using app = await startExpressApp({
    expressRoutes: (express, auth) => {
      express.get('/optional', auth.optionalSession(), (req, res) => {
        res.json({ hasAuth: 'auth' in req })
      })
    },
  })
  const read = async (): Promise<unknown> =>
    JSON.parse((await app.browser().visit('/optional')).body)
  expect(await read()).toEqual({ hasAuth: false })
  // As an app has that loads both builds, or two installations.
  const path = '../src/guard.ts?copy'
  const copy: typeof guards = await import(path)
  copy.setAuthOnRequests()
  expect(await read()).toEqual({ hasAuth: true })
})
