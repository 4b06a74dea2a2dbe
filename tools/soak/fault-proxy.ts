/**
 * People sign in while the network between the app and the service cuts one connection in ten, and
 * one exchange in ten. A start whose answer was lost must not be repeated: it has mailed a link.
 */
import type { ClientOptions } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import type { Browser } from '../../packages/express/test/support/browser.ts'
import { startApp, whoIs } from './app.ts'
import { inCrowd } from './crowd.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { atLeast, type Finding, none } from './finding.ts'
import { randomFrom } from './random.ts'

export interface FaultProxyOptions {
  readonly signIns: number
  readonly seed: number
  /** @default 16 */
  readonly atOnce?: number
  /** What the app's client is made with, to show that the proof can fail. */
  readonly client?: Partial<ClientOptions>
}

const maxLinks = 3

/** Runs it. */
export async function faultProxy(options: FaultProxyOptions): Promise<readonly Finding[]> {
  const { signIns, seed, atOnce = 16, client } = options
  await using emulator = await startEmulator()
  await using proxy = await startCuttingProxy(emulator.url, randomFrom(seed))
  await using app = await startApp(emulator, { ...client, baseUrl: proxy.url })
  let signedIn = 0
  let mailedTwice = 0
  let wrongPerson = 0

  await inCrowd(signIns, atOnce, async (index) => {
    const address = `person-${index}@example.test`
    const browser = app.browser()
    await signIn(emulator, browser, address)
    mailedTwice += startsMailedTwice(emulator, address)
    const userId = await whoIs(browser)
    if (userId === undefined) return
    signedIn += 1
    // The emulator knows whose address it is, whatever the app believes.
    if (userId !== (await emulator.signIn(address)).userId) wrongPerson += 1
  })

  const { cuts } = proxy
  return [
    atLeast(`signed in within ${maxLinks} links`, signedIn, signIns * 0.995),
    none('starts that mailed twice', mailedTwice),
    none('sessions of the wrong person', wrongPerson),
    atLeast('cut at connect', cuts['at connect'], 1),
    atLeast('cut after the request', cuts['after the request'], 1),
    atLeast('cut mid-body', cuts['mid-body'], 1),
  ]
}

/** What a person does: asks for a link, looks into the inbox whatever the page said, opens it. */
async function signIn(emulator: Emulator, browser: Browser, address: string): Promise<void> {
  const opened = new Set<string>()
  for (let asked = 0; asked < maxLinks; asked += 1) {
    await browser.visit('/auth/magic-link', { form: { loginId: address } })
    const [mail] = emulator.inbox.list({ to: address })
    const link = mail?.links[0]?.url
    if (link === undefined || opened.has(link)) continue
    opened.add(link)
    const page = await browser.visit(link)
    // The service was out of reach: the page offers to try once more, and a person does.
    if (page.status === 503) await browser.submit(page)
    if (browser.cookie('DSR') !== undefined) return
  }
}

/** How many starts of an address sent more than one mail: each has its own path in the link. */
function startsMailedTwice(emulator: Emulator, address: string): number {
  const mails = emulator.inbox.list({ to: address })
  const starts = new Set(mails.map(({ links }) => new URL(links[0]?.url ?? '').pathname))
  return mails.length - starts.size
}
