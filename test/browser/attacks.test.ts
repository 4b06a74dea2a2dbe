import { expect, test } from 'vitest'
import { describeInDemo } from './support/describe-in-demo.ts'
import { serveSite } from './support/serve-site.ts'
import { eventually, expectHeading } from './support/steps.ts'

describeInDemo('what a real browser does under attack', (demo) => {
  test('T-30: embedded, framed or prefetched in the very browser that asked, a link is not spent', async () => {
    const { context, page } = await demo.person()
    await demo.askForLink(page)
    const url = await demo.mailedLink()
    await using webmail = await serveSite(`<!doctype html><title>Mail</title>
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
    await expectHeading(page, demo.address)
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
    await using evil = await serveSite(`<!doctype html><title>Evil</title>
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
    await demo.askForLink(page)
    await page.goto(await demo.mailedLink())
    await expectHeading(page, demo.address)
    await using evil = await serveSite(`<!doctype html><title>Evil</title>
      <form method="post" action="${demo.appUrl}/auth/logout"><button>Win a prize</button></form>`)
    await page.goto(evil.url)
    await page.getByRole('button').click()
    await expectHeading(page, 'Please start here')
    await page.goto(demo.appUrl)
    await expectHeading(page, demo.address)
    await context.close()
  })

  test('T-47: a click in a mail on another site signs in at once, with no loop of redirects', async () => {
    const { context, page } = await demo.person()
    await demo.askForLink(page)
    // 127.0.0.1 is another site than localhost.
    await using webmail = await serveSite(
      `<!doctype html><title>Mail</title><a href="${await demo.mailedLink()}">Sign in</a>`,
    )
    await page.goto(webmail.url)
    const statuses: number[] = []
    page.on('response', (response) => {
      if (response.request().isNavigationRequest()) statuses.push(response.status())
    })
    await page.getByRole('link').click()
    await expectHeading(page, demo.address)
    expect(statuses).toEqual([303, 200])
    await context.close()
  })

  test('T-39: a token leaves in no Referer, and stays in no address', async () => {
    const asker = await demo.person()
    await demo.askForLink(asker.page)
    const { context, page } = await demo.person()
    const referrers: (string | undefined)[] = []
    page.on('request', (request) => referrers.push(request.headers()['referer']))
    const url = await demo.mailedLink()
    await page.goto(url)
    await page.getByRole('button').click()
    await expectHeading(page, demo.address)
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
    await using evil = await serveSite(`<!doctype html><title>Evil</title>
      <iframe src="${demo.appUrl}/auth/sign-in"></iframe>`)
    const [complaint] = await Promise.all([
      page.waitForEvent('console', (message) => message.text().includes('frame-ancestors')),
      page.goto(evil.url),
    ])
    expect(complaint.type()).toBe('error')
    await context.close()
  })

  function stateOfLink(): string | undefined {
    return demo.emulator.inbox.list()[0]?.links[0]?.state
  }
})
