import { equal, ok } from 'node:assert/strict'
import { signIn } from '../test-users.ts'
import type { Case } from './case.ts'

/** What only the SDKs of front ends have. */
export const frontEndCases: readonly Case[] = [
  {
    title:
      'authMiddleware lets a session and a refresh token pass, and redirects any other request',
    live: true,
    applies: ({ middleware }) => middleware !== undefined,
    run: async ({ middleware }, backend, testUser) => {
      ok(middleware)
      const { sessionJwt, refreshJwt } = await signIn(backend, testUser)
      equal(await middleware(`DS=${sessionJwt}`), undefined)
      equal(await middleware(`DSR=${refreshJwt}`), undefined)
      const forged = `${sessionJwt.slice(0, -8)}AAAAAAAA`
      for (const cookie of [undefined, `DS=${forged}`]) {
        ok((await middleware(cookie))?.endsWith('/sign-in'))
      }
    },
  },
]
