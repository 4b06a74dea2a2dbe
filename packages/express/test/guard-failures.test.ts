import type { Express, Request, RequestHandler, Response } from 'express'
import { describe, expect, test } from 'vitest'
import { getSession } from '@linkpass/express'
import { type AppOptions, expressVersions, startApp, type TestApp } from './support/app.ts'
import type { Browser } from './support/browser.ts'

const ok = (_req: Request, res: Response): unknown => res.send('ok')

/** Somebody whose session has to be refreshed, so that the guard decides after its turn. */
async function comingBack(app: TestApp): Promise<Browser> {
  const browser = app.browser()
  await app.signIn(browser)
  app.emulator.clock.advance(11 * 60_000)
  return browser
}

/** Answers with the message, as the error handler of an app might. */
function tellErrors(app: Express): void {
  app.use((error: Error, _req: Request, res: Response, _next: unknown) => {
    res.status(500).send(error.message)
  })
}

/** A guard in front of the router, as an app's own first middleware may be. */
function guardedFirst(kind: 'requireSession' | 'optionalSession'): AppOptions {
  let guard: RequestHandler | undefined
  return {
    before: (app) => {
      app.use((req, res, next) => guard?.(req, res, next))
    },
    routes: (app, auth) => {
      guard = auth[kind]()
      tellErrors(app)
    },
  }
}

describe.each(expressVersions)('a guard, on Express %i', (version) => {
  test('hands on what the app’s tenant function throws after a refresh, and the process lives', async () => {
    const routes = (app: Express, auth: TestApp['auth']): void => {
      const tenant = (): string => {
        throw new Error('no tenant')
      }
      app.get('/t', auth.requireSession({ tenant }), ok)
      tellErrors(app)
    }
    await using app = await startApp({ version, routes })
    const answer = await (await comingBack(app)).visit('/t')
    expect([answer.status, answer.body]).toEqual([500, 'no tenant'])
  })

  test('hands on what onSignedOut throws or rejects with', async () => {
    const routes = (app: Express, auth: TestApp['auth']): void => {
      const onSignedOut = async (): Promise<never> => {
        throw new Error('no answer')
      }
      app.get('/hand', auth.requireSession({ onSignedOut }), ok)
      tellErrors(app)
    }
    await using app = await startApp({ version, routes })
    const answer = await app.browser().visit('/hand')
    expect([answer.status, answer.body]).toEqual([500, 'no answer'])
  })

  test('behind another guard sets no cookie a second time', async () => {
    const routes = (app: Express, auth: TestApp['auth']): void => {
      app.get('/twice', auth.optionalSession(), auth.requireSession(), (req, res) => {
        res.send(getSession(req).userId)
      })
    }
    await using app = await startApp({ version, routes })
    const answer = await (await comingBack(app)).visit('/twice')
    expect(answer.status).toBe(200)
    const names = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split('=')[0])
    expect(names).toEqual(['DS', 'DSR'])
  })

  test('in front of the sign-in page says so instead of redirecting for ever', async () => {
    await using app = await startApp({ version, ...guardedFirst('requireSession') })
    const answer = await app.browser().open('/me')
    expect(answer.status).toBe(500)
    expect(answer.body).toContain('Mount auth.router() in front of it')
  })

  test('T-37: the way out of an outage is a path of the app, whatever path was asked for', async () => {
    const routes = (app: Express, auth: TestApp['auth']): unknown =>
      app.use(auth.requireSession(), ok)
    await using app = await startApp({ version, routes })
    const browser = await comingBack(app)
    app.emulator.faults.add({ path: '/v1/auth/refresh', status: 503, times: 'always' })
    const answer = await browser.visit(`${app.origin}//evil.example/x`)
    expect(answer.status).toBe(503)
    expect(answer.body).not.toContain('evil.example')
  })

  test('T-39: no shared cache may keep a refreshed session with the pages’ stylesheet', async () => {
    await using app = await startApp({ version, ...guardedFirst('optionalSession') })
    const browser = await comingBack(app)
    const styles = await browser.visit('/auth/verify/style.css')
    expect(String(styles.headers['set-cookie'])).toContain('DS=')
    expect(styles.headers['cache-control']).toBe('no-store')
    const later = await browser.visit('/auth/verify/style.css')
    expect(later.headers['cache-control']).toBe('public, max-age=3600')
  })

  test('a logout behind a guard ends the session that the guard has just refreshed', async () => {
    await using app = await startApp({
      ...{ version, client: { revocation: { onStoreError: 'deny' } } },
      ...guardedFirst('optionalSession'),
    })
    const browser = await comingBack(app)
    const answer = await browser.visit('/auth/logout', { form: {} })
    expect(browser.cookieNames).not.toContain('DSR')
    const lines = [answer.headers['set-cookie'] ?? []].flat()
    const [refreshed = ''] = lines.filter((line) => /^DS=[^;]/.test(line))
    expect(refreshed).not.toBe('')
    const thief = app.browser()
    thief.setCookie(refreshed)
    expect((await thief.visit('/me', { headers: { accept: 'application/json' } })).status).toBe(401)
  })
})
