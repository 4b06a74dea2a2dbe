import { expect, test } from 'vitest'
import { memoryStore } from '@linkpass/core'
import { startStub, wrapStore } from '@linkpass/testing'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent, type Dispatcher } from 'undici'
import { startExpressApp } from './express-adapter.ts'

/** The warnings about outages that the process prints meanwhile, each with what failed, where it is told. */
async function outagesDuring(run: () => Promise<void>): Promise<string[]> {
  const messages: string[] = []
  const listen = ({ message, detail = '' }: Error & { detail?: string }): void => {
    if (message.includes('get 503'))
      messages.push(`${message} ${detail.split('This is')[0]}`.trim())
  }
  process.on('warning', listen)
  await run()
  process.off('warning', listen)
  return messages
}

const form = { loginId: 'ada@example.test' }

test('U28: each kind of outage is printed once', async () => {
  const broken = wrapStore(memoryStore(), () => Promise.reject(new Error('no store')))
  await using withoutStore = await startExpressApp({ client: { store: broken } })
  await using withoutService = await startExpressApp({ limits: false })
  await using closed = await startExpressApp({ limits: false })
  const [browser, other] = [withoutService.browser(), closed.browser()]
  await withoutService.signIn(browser)
  withoutService.emulator.faults.add({ path: '/v1/auth/*', status: 503, times: 'always' })
  withoutService.emulator.clock.advance(11 * 60_000)
  const printed = await outagesDuring(async () => {
    for (let again = 0; again < 2; again += 1) {
      const responses = [
        await withoutStore.browser().visit('/auth/magic-link', { form }),
        await browser.visit('/auth/magic-link', { form }),
        await browser.visit('/me'),
      ]
      expect(responses.map(({ status }) => status)).toEqual([503, 503, 503])
    }
    await closed.client.close()
    const page = await other.visit('/auth/magic-link', { form })
    expect([page.status, page.body.includes('a problem on our side')]).toEqual([503, true])
  })
  expect(printed.map((message) => message.split(': ')[1])).toEqual([
    'an operation of the store failed or took too long. Check that its client is connected.',
    'the service could not be reached, or failed. The service responded with status 503 (E011001).',
    'a session could not be refreshed.',
    'the client is closed. Create it once, and close it when nothing needs it any more.',
  ])
})

test('U28: so is an outage that is met by a step-up or the choice of a tenant alone', async () => {
  const events: unknown[] = []
  const note = (event: unknown): unknown => events.push(event)
  subscribe('linkpass:sign-in:refused', note)
  await using page = await startStub(() => ({ body: '<!doctype html>' }))
  const agent = new Agent()
  const paths = ['/v1/auth/me', '/v1/auth/tenant/select']
  const toPage: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
    dispatch(paths.includes(options.path) ? { ...options, origin: page.url } : options, handler)
  const client = { dispatcher: agent.compose(toPage) }
  await using app = await startExpressApp({ limits: false, client })
  const browser = app.browser()
  await app.signIn(browser)
  const printed = await outagesDuring(async () => {
    expect((await browser.visit('/auth/step-up', { form: {} })).status).toBe(503)
    expect((await browser.visit('/auth/tenant', { form: { tenant: 't' } })).status).toBe(503)
  })
  unsubscribe('linkpass:sign-in:refused', note)
  expect(printed).toEqual([
    expect.stringMatching(/perhaps of a proxy. Check baseUrl. The response/),
  ])
  const event = { step: 'account', code: 'ERR_RESPONSE_INVALID' }
  expect(events).toEqual([event, event])
  await agent.destroy()
})

test('U28: a link that the service refuses to send names what to check', async () => {
  const details: string[] = []
  const listen = ({ message, detail = '' }: Error & { detail?: string }): void => {
    if (message.startsWith('The service did not send')) details.push(detail)
  }
  process.on('warning', listen)
  await using app = await startExpressApp({ client: { authManagementKey: 'of-another-project' } })
  expect((await app.browser().visit('/auth/magic-link', { form })).status).toBe(503)
  process.off('warning', listen)
  expect(details).toEqual([expect.stringMatching(/projectId.*authManagementKey.*method.*appUrl/)])
})
