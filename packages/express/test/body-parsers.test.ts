import type { Express } from 'express'
import { describe, expect, test } from 'vitest'
import { postJson } from '@linkpass/testing/adapter-suite/steps'
import { expressVersions, type Framework, startExpressApp } from './express-adapter.ts'

const address = 'ada@example.test'

describe.each(expressVersions)('requesting a link, on Express %i', (version) => {
  test('works before and after body parsers of the app', async () => {
    const parsers = (app: Express, framework: Framework): unknown =>
      app.use(framework.json(), framework.urlencoded({ extended: true }))
    const jsonOnly = (app: Express, framework: Framework): unknown => app.use(framework.json())
    for (const before of [undefined, parsers, jsonOnly]) {
      await using app = await startExpressApp({ version, limits: false, ...(before && { before }) })
      const browser = app.browser()
      expect((await postJson(browser, '/auth/magic-link', { loginId: address })).status).toBe(202)
      const form = await browser.visit('/auth/magic-link', { form: { loginId: address } })
      expect(form.location).toBe('/auth/check-inbox')
      const nested = await postJson(browser, '/auth/magic-link', { loginId: { a: 1 } })
      expect(JSON.parse(nested.body)).toEqual({ error: 'bad_request', field: 'loginId' })
    }
  })
})
