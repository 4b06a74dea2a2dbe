import { equal } from 'node:assert/strict'
import { magicToken, signIn, tokensOf } from '../test-users.ts'
import { type Case, masked, methods, newPhone, refused, succeeded } from './case.ts'

/** The magic-link calls. */
export const magicLinkCases: readonly Case[] = [
  {
    title: 'magicLink.signUp by email, SMS and WhatsApp, then verify',
    live: false,
    run: async (sdk, backend) => {
      for (const method of methods) {
        const loginId = method === 'email' ? backend.newLoginId() : newPhone()
        masked(await sdk.magicLink.signUp[method](loginId, backend.redirectUrl), method)
        const session = await sdk.magicLink.verify(backend.sentToken(loginId))
        equal(Object(succeeded(session)).firstSeen, true)
      }
    },
  },
  {
    title: 'magicLink.signIn by email, SMS and WhatsApp',
    live: true,
    run: async (sdk, { redirectUrl }, { loginId }) => {
      for (const method of methods) {
        masked(await sdk.magicLink.signIn[method](loginId, redirectUrl), method)
      }
    },
  },
  {
    title: 'magicLink.signUpOrIn by email, SMS and WhatsApp',
    live: true,
    run: async (sdk, { redirectUrl }, { loginId }) => {
      for (const method of methods) {
        masked(await sdk.magicLink.signUpOrIn[method](loginId, redirectUrl), method)
      }
    },
  },
  {
    title: 'magicLink.verify, and once only',
    live: true,
    run: async (sdk, backend, testUser) => {
      const token = await magicToken(backend, testUser)
      tokensOf(succeeded(await sdk.magicLink.verify(token)))
      refused(await sdk.magicLink.verify(token), 'E062504')
    },
  },
  {
    title: 'magicLink.signIn of an unknown user is refused',
    live: true,
    run: async (sdk, backend) => {
      refused(
        await sdk.magicLink.signIn.email(backend.newLoginId(), backend.redirectUrl),
        'E062108',
      )
    },
  },
  {
    title: 'magicLink.signIn with step-up, and the stepped-up session',
    live: false,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const { redirectUrl } = backend
      const options = { stepup: true }
      const started = await sdk.magicLink.signIn.email(
        testUser.loginId,
        redirectUrl,
        options,
        refreshJwt,
      )
      succeeded(started)
      const session = await sdk.magicLink.verify(backend.sentToken(testUser.loginId))
      const { sessionJwt } = tokensOf(succeeded(session))
      if (sdk.checks) equal(Object((await sdk.checks.validateSession(sessionJwt)).token).su, true)
    },
  },
  {
    title: 'magicLink.update.email, then verify',
    live: false,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      const email = backend.newLoginId()
      const { redirectUrl } = backend
      const started = await sdk.magicLink.update.email(
        testUser.loginId,
        email,
        redirectUrl,
        refreshJwt,
      )
      masked(started, 'email')
      const session = succeeded(await sdk.magicLink.verify(backend.sentToken(email)))
      equal(Object(session).user.email, email)
    },
  },
  {
    title: 'magicLink.update.phone by SMS and WhatsApp, then verify',
    live: false,
    run: async (sdk, backend, testUser) => {
      const { refreshJwt } = await signIn(backend, testUser)
      for (const method of ['sms', 'whatsapp'] as const) {
        const phone = newPhone()
        const update = sdk.magicLink.update.phone[method]
        masked(await update(testUser.loginId, phone, backend.redirectUrl, refreshJwt), method)
        const session = succeeded(await sdk.magicLink.verify(backend.sentToken(phone)))
        equal(Object(session).user.phone, phone)
      }
    },
  },
]
