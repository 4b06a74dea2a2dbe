import { describe, expect, test } from 'vitest'
import type { TestAdapter, TestCall } from '../adapter.ts'
import { isSignedIn } from '../steps.ts'

const address = 'ada@example.test'

/** Links for handlers of the app. */
export function prepareLinkCases(adapter: TestAdapter): void {
  describe(`preparing a magic link, on ${adapter.name}`, () => {
    test('prepareLink gives a route of the app a link that signs in in the same browser', async () => {
      await using app = await adapter.start({
        routes: [
          {
            method: 'POST',
            path: '/send',
            respond: async ({ client, prepareLink }) => {
              const first = prepareLink({ returnTo: '/me?own' })
              const second = prepareLink({ returnTo: '//evil.example' })
              const { email } = client.magicLink.signUpOrIn
              await Promise.all([email(address, first), email('b@example.test', second)])
              return { body: first }
            },
          },
        ],
      })
      const browser = app.browser()
      const sent = await browser.visit('/send', { form: {} })
      expect(sent.headers['cache-control']).toBe('no-store')
      expect(sent.body).toMatch(new RegExp(`^${app.origin}/auth/verify/[\\w-]{22}$`))
      const [first, second] = [await app.linkFor(address), await app.linkFor('b@example.test')]
      expect((await browser.visit(second)).location).toBe('/')
      await browser.visit('/auth/logout', { form: {} })
      expect((await browser.visit(first)).location).toBe('/me?own')
    })

    test('prepareLink keeps no login ID that would not fit into a cookie', async () => {
      const respond = async ({ client, prepareLink }: TestCall): Promise<{ body: string }> => {
        const url = prepareLink({ loginId: 'a'.repeat(10_000), returnTo: '/me' })
        await client.magicLink.signUpOrIn.email(address, url)
        return { body: url }
      }
      await using app = await adapter.start({ routes: [{ path: '/send', respond }] })
      const browser = app.browser()
      await browser.visit('/send')
      expect(browser.cookieNames).toEqual([app.cookieNames.attempt])
      expect((await browser.visit(await app.linkFor(address))).location).toBe('/me')
    })

    test.each([
      ['POST', { 'sec-fetch-site': 'cross-site' }],
      ['POST', { 'sec-fetch-site': 'same-site', origin: 'http://sibling.localhost' }],
      ['POST', { origin: 'https://evil.example' }],
      ['GET', { 'sec-fetch-site': 'cross-site' }],
    ] as const)(
      'T-32: a link that another site had prepared by %s with %o signs in by its button alone',
      async (method, headers) => {
        const respond = async ({ client, prepareLink }: TestCall): Promise<{ body: string }> => {
          await client.magicLink.signUpOrIn.email('attacker@example.test', prepareLink())
          return { body: 'sent' }
        }
        await using app = await adapter.start({
          routes: [{ method, path: '/send', respond }],
        })
        const victim = app.browser()
        await victim.visit('/send', { method, headers: { accept: 'text/html', ...headers } })
        const opened = await victim.visit(await app.linkFor('attacker@example.test'))
        expect(opened.status).toBe(200)
        expect(await isSignedIn(victim)).toBe(false)
        expect((await victim.submit(opened)).status).toBe(303)
      },
    )

    test('prepareLink throws a TypeError that names a wrong option', async () => {
      const wrong = [{ method: 'fax' }, { loginId: 7 }, { returnto: '/me' }]
      await using app = await adapter.start({
        routes: [
          {
            path: '/wrong/:index',
            respond: ({ request, prepareLink }) => {
              try {
                prepareLink(wrong[Number(request.param('index'))])
                return { body: 'made' }
              } catch (error) {
                return { body: String(error) }
              }
            },
          },
        ],
      })
      for (const [index, name] of ['method', 'loginId', 'returnto'].entries()) {
        const response = await app.browser().visit(`/wrong/${index}`)
        expect(response.body).toMatch(new RegExp(`^TypeError: prepareLink.*${name}`))
      }
    })
  })
}
