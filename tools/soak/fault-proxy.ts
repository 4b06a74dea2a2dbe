/**
 * Users sign in while the network between the app and the service cuts one connection in ten, and
 * one exchange in ten. A request for a link whose response was lost must not be repeated, because it
 * may have sent a link.
 */
import type { ClientOptions } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { seededRandom } from '@linkpass/testing'
import type { Browser } from '@linkpass/testing/browser'
import { type App, startApp, whoIs } from './app.ts'
import { runConcurrently } from './concurrency.ts'
import { startUnreliableProxy } from './unreliable-proxy.ts'
import { atLeast, type Finding, none } from './finding.ts'

export interface FaultProxyOptions {
  readonly signIns: number
  readonly seed: number
  /** @default 16 */
  readonly atOnce?: number
  /** Options of the app's client, to show that the scenario can fail. */
  readonly client?: Partial<ClientOptions>
}

const maxLinks = 3

/** Runs the scenario. */
export async function faultProxy(options: FaultProxyOptions): Promise<readonly Finding[]> {
  const { signIns, seed, atOnce = 16, client } = options
  await using emulator = await startEmulator()
  await using proxy = await startUnreliableProxy(emulator.url, seededRandom(seed))
  await using app = await startApp(emulator, { ...client, baseUrl: proxy.url })
  let signedIn = 0
  let sentTwice = 0
  let wrongUser = 0

  await runConcurrently(signIns, atOnce, async (index) => {
    const address = `user-${index}@example.test`
    const browser = app.browser()
    await signIn(emulator, app, browser, address)
    sentTwice += attemptsWithTwoMessages(emulator, address)
    const userId = await whoIs(browser)
    if (userId === undefined) return
    signedIn += 1
    // The emulator knows to which user the address belongs.
    if (userId !== (await emulator.signIn(address)).userId) wrongUser += 1
  })

  const { cuts } = proxy
  return [
    atLeast(`signed in within ${maxLinks} links`, signedIn, signIns * 0.995),
    none('attempts that sent two messages', sentTwice),
    none('sessions of the wrong user', wrongUser),
    atLeast('cut at connect', cuts['at connect'], 1),
    atLeast('cut after the request', cuts['after the request'], 1),
    atLeast('cut mid-body', cuts['mid-body'], 1),
  ]
}

/** What a user does: requests a link, looks into the inbox in any case, opens the link. */
async function signIn(
  emulator: Emulator,
  app: App,
  browser: Browser,
  address: string,
): Promise<void> {
  const opened = new Set<string>()
  for (let request = 0; request < maxLinks; request += 1) {
    await browser.visit('/auth/magic-link', { form: { loginId: address } })
    const [mail] = emulator.inbox.list({ to: address })
    const link = mail?.links[0]?.url
    if (link === undefined || opened.has(link)) continue
    opened.add(link)
    const page = await browser.visit(link)
    // The service was unavailable: the page offers to try again, and a user does.
    if (page.status === 503) await browser.submit(page)
    if (browser.cookie(app.cookieNames.refresh) !== undefined) return
  }
}

/** How many attempts for an address sent more than one message: each has its own path in the link. */
function attemptsWithTwoMessages(emulator: Emulator, address: string): number {
  const mails = emulator.inbox.list({ to: address })
  const attempts = new Set(mails.map(({ links }) => new URL(links[0]?.url ?? '').pathname))
  return mails.length - attempts.size
}
