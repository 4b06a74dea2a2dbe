import type { SignIn } from '@linkpass/express'
import type { Express, Request, Response } from 'express'
import { describe, expect, test } from 'vitest'
import { expressVersions, startExpressApp } from './express-adapter.ts'

const loginId = 'ada@example.test'

/** Keeps the response to the last request, for a function of the app that responds by itself. */
function keepResponse() {
  let kept: Response | undefined
  const before = (app: Express): void => {
    app.use((_req, res, next) => {
      kept = res
      next()
    })
  }
  return { before, current: () => kept }
}

describe.each(expressVersions)('a function of the app, on Express %i', (version) => {
  test.each([undefined, null, 'route', 'router', 0])(
    'that throws %j gets the error handler, and no later route',
    async (thrown) => {
      const expressRoutes = (app: Express): void => {
        app.post('/auth/magic-link', (_req, res) => void res.send('passed on'))
        app.use((error: Error, _req: Request, res: Response, _next: unknown) => {
          res.status(500).send(error.message)
        })
      }
      const loginOptions = (): never => {
        // oxlint-disable-next-line typescript/only-throw-error -- as JavaScript can
        throw thrown
      }
      await using app = await startExpressApp({ version, expressRoutes, loginOptions })
      const response = await app.browser().visit('/auth/magic-link', { form: { loginId } })
      expect([response.status, response.body]).toEqual([
        500,
        'A function of the app threw something that is no error.',
      ])
    },
  )

  test('that responds by itself and then throws gets the error handler', async () => {
    const errors: unknown[] = []
    const expressRoutes = (app: Express): void => {
      app.use((error: Error, _req: Request, res: Response, next: (error: Error) => void) => {
        errors.push(error.message, res.headersSent)
        next(error)
      })
    }
    const { before, current } = keepResponse()
    const loginOptions = (): never => {
      current()?.write('half')
      throw new Error('no options')
    }
    await using app = await startExpressApp({ version, before, expressRoutes, loginOptions })
    const sent = app.browser().visit('/auth/magic-link', { form: { loginId } })
    await expect(sent).rejects.toThrow()
    expect(errors).toEqual(['no options', true])
  })

  test.each(['throws', 'returns'])(
    'that begins a response by itself and then %s leaves no request open',
    async (what) => {
      const { before, current } = keepResponse()
      const beforeSend = (): void => {
        current()?.write('half')
        if (what === 'throws') throw new Error('after the head was sent')
      }
      await using app = await startExpressApp({ version, before, beforeSend })
      const sent = app.browser().visit('/auth/magic-link', { form: { loginId } })
      await expect(sent).rejects.toThrow()
    },
  )

  test('that responds by itself ends the request, and no error is handled', async () => {
    const errors: unknown[] = []
    const expressRoutes = (app: Express): void => {
      app.use((error: Error, _req: Request, res: Response, _next: unknown) => {
        errors.push(error)
        res.destroy()
      })
    }
    await using app = await startExpressApp({
      version,
      expressRoutes,
      onSignIn: (event) => (event as SignIn<Request>).req.res?.redirect('/welcome'),
    })
    const browser = app.browser()
    await browser.visit('/auth/magic-link', { form: { loginId } })
    const opened = await browser.visit(await app.linkFor(loginId))
    expect([opened.status, opened.location, errors]).toEqual([302, '/welcome', []])
    expect((await browser.visit('/me')).location).toContain('/auth/sign-in')
  })
})
