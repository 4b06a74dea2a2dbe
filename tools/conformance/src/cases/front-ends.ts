import { equal, ok } from 'node:assert/strict'
import { signIn, text } from '../test-users.ts'
import { type Case, refused, succeeded } from './case.ts'

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
  {
    title: 'useSession and useUser: a sign-in by link, a reload, a refresh, and a logout',
    live: false,
    applies: ({ openApp }) => openApp !== undefined,
    run: async ({ openApp }, backend) => {
      ok(openApp)
      const app = await openApp()
      const loginId = backend.newLoginId()
      succeeded(await app.call('magicLink.signUpOrIn.email', loginId, backend.redirectUrl))
      const session = await app.call('magicLink.verify', backend.sentToken(loginId))
      const userId = text(Object(succeeded(session)).user, 'userId')
      await app.shows(`signed in as ${userId}`)
      await app.reload()
      await app.shows(`signed in as ${userId}`)
      succeeded(await app.call('refresh'))
      equal(Object(succeeded(await app.call('me'))).userId, userId)
      succeeded(await app.call('logout'))
      await app.shows('signed out')
      await app.reload()
      await app.shows('signed out')
      refused(await app.call('me'), 'E061004')
    },
  },
]
