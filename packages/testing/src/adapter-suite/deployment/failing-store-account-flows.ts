import { expect } from 'vitest'
import { requestChange, signInSteppedUp } from '../account/steps.ts'
import type { TestApp, TestAppOptions } from '../adapter.ts'
import { postForm } from '../steps.ts'
import { type Flow, anyTime, expectSession } from './failing-store-flows.ts'

const options: TestAppOptions = { ...anyTime, account: { email: true } }

/** Requests a step-up, and opens its link on a phone. */
async function beginStepUp(app: TestApp, to: string) {
  const [desk, phone] = [app.browser(), app.browser()]
  await app.signIn(desk, to)
  const { code } = JSON.parse((await postForm(desk, '/auth/step-up')).body)
  const fields = phone.hiddenFields(await phone.visit(await app.linkFor(to)))
  return {
    desk,
    phone,
    approve: () => postForm(phone, '/auth/verify', { ...fields, code }),
    complete: () => postForm(desk, '/auth/step-up/complete'),
  }
}

/** Step-ups, and changes of an address. */
export const accountFlows: readonly Flow[] = [
  {
    name: 'a request for a step-up',
    options,
    status: 202,
    prepare: async (app, to) => {
      const browser = app.browser()
      await app.signIn(browser, to)
      const send = () => postForm(browser, '/auth/step-up')
      const finish = async () =>
        expect((await browser.visit(await app.linkFor(to))).status).toBe(303)
      return { browser, isSignedIn: true, send, finish }
    },
  },
  {
    name: 'a step-up opened where it was requested',
    options,
    status: 303,
    hooks: ['step-up'],
    prepare: async (app, to) => {
      const browser = app.browser()
      await app.signIn(browser, to)
      await postForm(browser, '/auth/step-up')
      const link = await app.linkFor(to)
      const finish = () => requestChange(app, browser, `new-${to}`)
      return { browser, isSignedIn: true, send: () => browser.visit(link), finish }
    },
  },
  {
    name: 'a step-up approved elsewhere',
    options,
    status: 200,
    prepare: async (app, to) => {
      const { phone, approve, complete } = await beginStepUp(app, to)
      const finish = async () => expect((await complete()).status).toBe(200)
      return { browser: phone, send: approve, finish }
    },
  },
  {
    name: 'the completion of a step-up',
    options,
    status: 200,
    hooks: ['step-up'],
    prepare: async (app, to) => {
      const { desk, approve, complete } = await beginStepUp(app, to)
      await approve()
      const finish = () => requestChange(app, desk, `new-${to}`)
      return { browser: desk, isSignedIn: true, send: complete, finish }
    },
  },
  {
    name: 'a change opened where it was requested',
    options,
    status: 303,
    hooks: ['change', 'change-email'],
    prepare: async (app, to) => {
      const browser = app.browser()
      await signInSteppedUp(app, browser, to)
      const link = await requestChange(app, browser, `new-${to}`)
      const send = () => browser.visit(link)
      return { browser, isSignedIn: true, send, finish: () => expectSession(browser) }
    },
  },
  {
    name: 'a change confirmed elsewhere',
    options,
    status: 200,
    hooks: ['change'],
    prepare: async (app, to) => {
      const [desk, phone] = [app.browser(), app.browser()]
      await signInSteppedUp(app, desk, to)
      const page = await phone.visit(await requestChange(app, desk, `new-${to}`))
      const finish = () => expectSession(desk)
      return { browser: phone, send: () => phone.submit(page), finish }
    },
  },
]
