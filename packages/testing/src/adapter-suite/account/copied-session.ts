import { describe, expect, test } from 'vitest'
import type { Browser } from '../../browser.ts'
import type { TestAdapter, TestApp } from '../adapter.ts'
import { ada, postForm, setCookies } from '../steps.ts'
import { withCopiedSession } from './steps.ts'

const verifyCalls = '/v1/auth/magiclink/verify'

async function signInAgain(app: TestApp, owner: Browser): Promise<void> {
  await postForm(owner, '/auth/magic-link', { loginId: ada })
  await owner.submit(await owner.visit(await app.linkFor(ada)))
}

/** What a copy of the session cookies requests. */
export function copiedSessionCases(adapter: TestAdapter): void {
  describe(`a step-up that copied cookies requested, on ${adapter.name}`, () => {
    test.each<[string, (app: TestApp, owner: Browser) => Promise<unknown>]>([
      ['a refresh', (_, owner) => postForm(owner, '/auth/refresh')],
      ['a sign-in', signInAgain],
    ])('P2: gives the copy no session after %s took its place', async (_, replace) => {
      const emulator = { rotateRefreshTokens: true, rotationGraceSeconds: 0 }
      await using app = await adapter.start({ emulator, limits: false })
      const owner = app.browser()
      await app.signIn(owner)
      const thief = withCopiedSession(app, owner)
      const sent = await postForm(thief, '/auth/step-up')
      const link = new URL(await app.linkFor(ada), app.origin)
      // Tokens of one second may be the same.
      app.emulator.clock.advance(1000)
      await replace(app, owner)
      const before = app.calls(verifyCalls)
      expect((await thief.visit(link.pathname + link.search)).status).toBe(410)
      expect(app.calls(verifyCalls)).toBe(before)
      // The owner may be deceived into typing the code.
      const t = link.searchParams.get('t') ?? ''
      const state = link.pathname.split('/').at(-1) ?? ''
      const { code } = JSON.parse(sent.body)
      const typed = await postForm(app.browser(), '/auth/verify', { t, state, code })
      expect(typed.body).toBe('{"state":"approved"}')
      const completed = await postForm(thief, '/auth/step-up/complete')
      expect([completed.status, setCookies(completed)]).toEqual([410, []])
    })
  })
}
