import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath } from './support/chromium.ts'
import { type DemoBrowser, startDemoBrowser } from './support/demo-browser.ts'
import { eventually, expectHeading } from './support/steps.ts'

describe.skipIf(chromiumPath === undefined)(
  'what a real browser does under attack',
  { timeout: 60_000 },
  () => {
    let demo: DemoBrowser
    let address: string
    let tests = 0

    beforeAll(async () => {
      demo = await startDemoBrowser()
    })

    beforeEach(() => {
      demo.emulator.reset()
      tests += 1
      address = `ada${tests}@example.test`
    })

    afterAll(() => demo?.close())

    test('T-30: embedded, framed or prefetched in the very browser that asked, a link is not spent', async () => {
      const { context, page } = await demo.person()
      await askForLink(page)
      const url = await mailedLink()
      await using webmail = await serve(`<!doctype html><title>Mail</title>
      <link rel="prefetch" href="${url}"><img src="${url}" alt=""><iframe src="${url}"></iframe>`)
      const visits: string[] = []
      page.on('request', (request) => {
        if (request.url() === url) visits.push(request.resourceType())
      })
      // As `localhost` it is the same site, so that the browser's cookies go with every one of these.
      await page.goto(webmail.url.replace('127.0.0.1', 'localhost'))
      // The last is the prefetch, which a browser takes its time for.
      await eventually(() => visits).toEqual(expect.arrayContaining(['image', 'document', 'other']))
      expect(stateOfLink()).toBe('unused')
      await page.goto(url)
      await expectHeading(page, address)
      await context.close()
    })

    test('T-32: a page of another site cannot sign a visitor in as somebody else', async () => {
      const { context, page } = await demo.person()
      const attacker = 'mallory@example.test'
      await fetch(`${demo.appUrl}/auth/magic-link`, {
        method: 'POST',
        body: new URLSearchParams({ loginId: attacker }),
      })
      const { links } = await demo.emulator.inbox.waitFor({ to: attacker })
      const { token = '' } = links[0] ?? {}
      // 127.0.0.1 is another site than localhost.
      await using evil = await serve(`<!doctype html><title>Evil</title>
      <form method="post" action="${demo.appUrl}/auth/verify">
        <input name="t" value="${token}"><button>Win a prize</button></form>`)
      await page.goto(evil.url)
      await page.getByRole('button').click()
      await expectHeading(page, 'Please start here')
      expect(stateOfLink()).toBe('unused')
      const cookies = await context.cookies(demo.appUrl)
      expect(cookies.filter(({ name }) => name.startsWith('DS'))).toEqual([])
      await context.close()
    })

    test('T-32: a page of another site cannot sign a visitor out', async () => {
      const { context, page } = await demo.person()
      await askForLink(page)
      await page.goto(await mailedLink())
      await expectHeading(page, address)
      await using evil = await serve(`<!doctype html><title>Evil</title>
      <form method="post" action="${demo.appUrl}/auth/logout"><button>Win a prize</button></form>`)
      await page.goto(evil.url)
      await page.getByRole('button').click()
      await expectHeading(page, 'Please start here')
      await page.goto(demo.appUrl)
      await expectHeading(page, address)
      await context.close()
    })

    test('T-39: a token leaves in no Referer, and stays in no address', async () => {
      const asker = await demo.person()
      await askForLink(asker.page)
      const { context, page } = await demo.person()
      const referrers: (string | undefined)[] = []
      page.on('request', (request) => referrers.push(request.headers()['referer']))
      const url = await mailedLink()
      await page.goto(url)
      await page.getByRole('button').click()
      await expectHeading(page, address)
      const { searchParams } = new URL(url)
      const token = searchParams.get('t') ?? ''
      expect(token).not.toBe('')
      expect(referrers.length).toBeGreaterThan(3)
      expect(referrers.join('\n')).not.toContain(token)
      expect(page.url()).toBe(`${demo.appUrl}/`)
      await context.close()
      await asker.context.close()
    })

    test('no page can be framed', async () => {
      const { context, page } = await demo.person()
      await using evil = await serve(`<!doctype html><title>Evil</title>
      <iframe src="${demo.appUrl}/auth/sign-in"></iframe>`)
      const [complaint] = await Promise.all([
        page.waitForEvent('console', (message) => message.text().includes('frame-ancestors')),
        page.goto(evil.url),
      ])
      expect(complaint.type()).toBe('error')
      await context.close()
    })

    async function askForLink(page: Page): Promise<void> {
      await page.goto(demo.appUrl)
      await page.getByLabel('Email address').fill(address)
      await page.getByRole('button', { name: 'Email me a link' }).click()
      await expectHeading(page, 'Check your inbox')
    }

    async function mailedLink(): Promise<string> {
      const { links } = await demo.emulator.inbox.waitFor({ to: address })
      return links[0]?.url ?? ''
    }

    function stateOfLink(): string | undefined {
      return demo.emulator.inbox.list()[0]?.links[0]?.state
    }
  },
)

/** A site of somebody else's, with one page. */
async function serve(page: string): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html').end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('No port was bound.')
  return {
    url: `http://127.0.0.1:${bound.port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
