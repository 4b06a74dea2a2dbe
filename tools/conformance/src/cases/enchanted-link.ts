import { deepEqual, ok } from 'node:assert/strict'
import { enchantedToken, signIn, text, tokensOf } from '../test-users.ts'
import { type Case, succeeded } from './case.ts'

/** The enchanted-link calls. */
export const enchantedLinkCases: readonly Case[] = [
  {
    title: 'enchantedLink.signUp, verify, waitForSession',
    live: false,
    run: async (sdk, backend) => {
      const loginId = backend.newLoginId()
      const start = succeeded(await sdk.enchantedLink.signUp(loginId, backend.redirectUrl))
      succeeded(await sdk.enchantedLink.verify(backend.sentToken(loginId)))
      tokensOf(succeeded(await sdk.enchantedLink.waitForSession(text(start, 'pendingRef'))))
    },
  },
  {
    title: 'enchantedLink.signIn and signUpOrIn',
    live: true,
    run: async (sdk, { redirectUrl }, { loginId }) => {
      for (const start of [sdk.enchantedLink.signIn, sdk.enchantedLink.signUpOrIn]) {
        const data = succeeded(await start(loginId, redirectUrl))
        ok(/^\d\d$/.test(text(data, 'linkId')))
        text(data, 'pendingRef')
        text(data, 'maskedEmail')
      }
    },
  },
  {
    title: 'enchantedLink.verify and waitForSession, once the right link was opened',
    live: true,
    run: async (sdk, backend, testUser) => {
      const { token, pendingRef } = await enchantedToken(backend, testUser)
      deepEqual(succeeded(await sdk.enchantedLink.verify(token)), {})
      tokensOf(succeeded(await sdk.enchantedLink.waitForSession(pendingRef)))
    },
  },
  {
    title: 'enchantedLink.update.email',
    live: false,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const { redirectUrl } = backend
      const update = sdk.enchantedLink.update.email
      const email = backend.newLoginId()
      text(succeeded(await update(testUser.loginId, email, redirectUrl, refreshJwt)), 'linkId')
    },
  },
]
