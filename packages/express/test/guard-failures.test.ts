import type { Express, Request, RequestHandler, Response } from 'express'
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
