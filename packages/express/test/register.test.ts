// oxlint-disable-next-line import/no-unassigned-import -- it is there for what it does
import '@linkpass/express/register'
import { getAuth } from '@linkpass/express'
import { expect, test } from 'vitest'
import { expressVersions, startExpressApp } from './express-adapter.ts'
import { createTokenIssuer, projectId } from '@linkpass/testing'

test.each(expressVersions)(
  'importing register sets req.auth behind a guard to what getAuth returns (Express %i)',
  async (version) => {
    const issuer = await createTokenIssuer()
    await using app = await startExpressApp({
      version,
      client: { projectId, publicKey: issuer.publicKey },
      expressRoutes: (express, auth) => {
        express.get('/public', (req, res) => res.json({ hasAuth: 'auth' in req }))
        express.get('/optional', auth.optionalSession(), (req, res) => {
          res.json({ isSame: req.auth === getAuth(req), status: req.auth?.status })
        })
      },
    })
    const signedIn = app.browser()
    signedIn.setCookie(`${app.cookieNames.session}=${await issuer.session()}; Path=/`)
    const read = async (browser: typeof signedIn, path: string): Promise<unknown> =>
      JSON.parse((await browser.visit(path)).body)
    expect(await read(signedIn, '/public')).toEqual({ hasAuth: false })
    expect(await read(signedIn, '/optional')).toEqual({ isSame: true, status: 'signed-in' })
    expect(await read(app.browser(), '/optional')).toEqual({ isSame: true, status: 'signed-out' })
  },
)
