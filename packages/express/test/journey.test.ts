import { describe, expect, test } from 'vitest'
import { expressVersions, startApp } from './support/app.ts'

describe.each(expressVersions)('signing in by link, on Express %i', (version) => {
  test('a person is sent to sign in, opens the link in the same browser, and sees the page', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()

    const blocked = await browser.visit('/me')
    expect(blocked.status).toBe(303)
    expect(blocked.location).toBe('/auth/sign-in?returnTo=%2Fme')

    const page = await browser.open('/me')
    expect(page.body).toContain('Sign in')
    const sent = await browser.submit(page, { loginId: 'ada@example.test', method: 'email' })
    expect(sent.status).toBe(303)
    expect(sent.location).toBe('/auth/check-inbox')
    const waiting = await browser.visit('/auth/check-inbox')
    expect(waiting.body).toContain('ada@example.test')

    const link = await app.linkFor('ada@example.test')
    expect(link).toMatch(/^\/auth\/verify\/[\w-]{22}\?t=/)
    const landed = await browser.visit(link)
    expect(landed.status).toBe(303)
    expect(landed.location).toBe('/me')
    const me = await browser.visit('/me')
    expect(me.status).toBe(200)
    expect(JSON.parse(me.body).userId).toMatch(/^U/)
  })

  test('a link opened elsewhere asks first, and signs in there', async () => {
    await using app = await startApp({ version })
    const asked = app.browser()
    await asked.submit(await asked.visit('/auth/sign-in'), {
      loginId: 'ada@example.test',
      method: 'email',
    })
    const link = await app.linkFor('ada@example.test')

    const elsewhere = app.browser()
    const page = await elsewhere.visit(link)
    expect(page.status).toBe(200)
    expect(app.calls('/v1/auth/magiclink/verify')).toBe(0)
    const pressed = await elsewhere.submit(page)
    expect(pressed.status).toBe(303)
    expect((await elsewhere.visit('/me')).status).toBe(200)
    expect((await asked.visit('/me')).status).toBe(303)
  })

  test('signing out ends it', async () => {
    await using app = await startApp({ version })
    const browser = app.browser()
    await browser.submit(await browser.visit('/auth/sign-in'), { loginId: 'ada@example.test' })
    await browser.visit(await app.linkFor('ada@example.test'))
    expect((await browser.visit('/auth/session')).status).toBe(200)
    const out = await browser.visit('/auth/logout', { form: {} })
    expect(out.status).toBe(303)
    expect(browser.cookieNames).not.toContain('DS')
    expect((await browser.visit('/auth/session')).status).toBe(401)
  })
})
