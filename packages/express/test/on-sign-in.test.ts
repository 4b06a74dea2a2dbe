import type { SignIn } from '@linkpass/express'
import type { Request } from 'express'
import { expect, test } from 'vitest'
import { expressVersions, startExpressApp } from './express-adapter.ts'

test.each(expressVersions)(
  'onSignIn receives the request before any cookie is set (Express %i)',
  async (version) => {
    const received: unknown[] = []
    await using app = await startExpressApp({
      version,
      onSignIn: (event) => {
        const { res } = (event as SignIn<Request>).req
        received.push([res?.headersSent, res?.getHeader('set-cookie')])
      },
    })
    await app.signIn(app.browser())
    expect(received).toEqual([[false, undefined]])
  },
)
