import type { Express, NextFunction, Request, RequestHandler, Response } from 'express'
import { describe, expect, test } from 'vitest'
import type { Auth } from '@linkpass/express'
import type { Browser } from '@linkpass/testing/browser'
import { type ExpressApp, expressVersions, startExpressApp } from './express-adapter.ts'

const ok = (_req: Request, res: Response): unknown => res.send('ok')

/** A browser whose session has to be refreshed, so that the guard decides later. */
async function browserWithExpiredSession(app: ExpressApp): Promise<Browser> {
  const browser = app.browser()
  await app.signIn(browser)
  app.emulator.clock.advance(11 * 60_000)
  return browser
}

/** Responds with the message of an error, as the error handler of an app might. */
function sendErrors(app: Express): void {
  app.use((error: Error, _req: Request, res: Response, _next: unknown) => {
    res.status(500).send(error.message)
  })
}

describe.each(expressVersions)('a guard, on Express %i', (version) => {
  test('passes on an error of the tenant function after a refresh', async () => {
    const expressRoutes = (app: Express, auth: Auth): void => {
      const tenant = (): string => {
        throw new Error('no tenant')
      }
      app.get('/t', auth.requireSession({ tenant }), ok)
      sendErrors(app)
    }
    await using app = await startExpressApp({ version, expressRoutes })
    const response = await (await browserWithExpiredSession(app)).visit('/t')
    expect([response.status, response.body]).toEqual([500, 'no tenant'])
  })

  test.each([undefined, null, false, 0, '', 'route', 'router'])(
    'bypass: a tenant function that throws %j, now or after a refresh, lets nobody through',
    async (thrown) => {
      const tenant = (): string => {
        // oxlint-disable-next-line typescript/only-throw-error -- as JavaScript can
        throw thrown
      }
      const expressRoutes = (app: Express, auth: Auth): void => {
        app.get('/t', auth.requireSession({ tenant }), ok)
        app.use('/used', auth.requireSession({ tenant }))
        app.get(['/t', '/used'], ok)
        sendErrors(app)
      }
      await using app = await startExpressApp({ version, expressRoutes })
      const browser = app.browser()
      await app.signIn(browser)
      for (const path of ['/t', '/used']) {
        expect((await browser.visit(path)).status, path).toBe(500)
        app.emulator.clock.advance(11 * 60_000)
        expect((await browser.visit(path)).status, `${path} after a refresh`).toBe(500)
      }
    },
  )

  test.each([undefined, null, 'route', 'router'])(
    'bypass: onSignedOut that throws %j lets nobody through',
    async (thrown) => {
      const expressRoutes = (app: Express, auth: Auth): void => {
        const onSignedOut = (): never => {
          // oxlint-disable-next-line typescript/only-throw-error -- as JavaScript can
          throw thrown
        }
        app.use('/t', auth.requireSession({ onSignedOut }))
        app.get('/t', ok)
        sendErrors(app)
      }
      await using app = await startExpressApp({ version, expressRoutes })
      expect((await app.browser().visit('/t')).status).toBe(500)
    },
  )

  test('passes on an error of onSignedOut', async () => {
    const expressRoutes = (app: Express, auth: Auth): void => {
      const onSignedOut = async (): Promise<never> => {
        throw new Error('no response')
      }
      app.get('/hand', auth.requireSession({ onSignedOut }), ok)
      sendErrors(app)
    }
    await using app = await startExpressApp({ version, expressRoutes })
    const response = await app.browser().visit('/hand')
    expect([response.status, response.body]).toEqual([500, 'no response'])
  })

  test('in front of the sign-in page is an error instead of endless redirects', async () => {
    let guard: RequestHandler | undefined
    await using app = await startExpressApp({
      version,
      before: (app) => {
        app.use((req, res, next) => guard?.(req, res, next))
      },
      expressRoutes: (app, auth) => {
        guard = auth.requireSession()
        sendErrors(app)
      },
    })
    const response = await app.browser().open('/me')
    expect(response.status).toBe(500)
    expect(response.body).toContain('Mount auth.router() in front of it')
  })
})

test.each(expressVersions)(
  'a time-out of the app that responds while the guard waits is no error, on Express %i',
  async (version) => {
    const seen: unknown[] = []
    let isLate = true
    const expressRoutes = (app: Express, auth: Auth): void => {
      app.use('/own', (_req, res, next) => {
        next()
        // The guard waits for a refresh by now.
        if (isLate) res.status(503).end('late')
      })
      app.get('/own', auth.requireSession(), (_req, res) => {
        seen.push('handled')
        res.end('own')
      })
      app.use((error: unknown, _req: Request, _res: Response, next: NextFunction) => {
        seen.push(error)
        next(error)
      })
    }
    await using app = await startExpressApp({ version, expressRoutes })
    const browser = await browserWithExpiredSession(app)
    expect(await browser.visit('/own')).toMatchObject({ status: 503, body: 'late' })
    isLate = false
    // It waits for the same refresh, or gets its result.
    expect(await browser.visit('/own')).toMatchObject({ status: 200, body: 'own' })
    expect(seen).toEqual(['handled'])
  },
)
