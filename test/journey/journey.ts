/**
 * Walks the journey of a magic link without a browser, on real parts: an Express app, the core
 * client, the emulator. `npm run journey` prints what it yields; `test/journey.test.ts` asserts it.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createDescopeClient } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { type Auth, createAuth, getSession } from '@linkpass/express'
import { Browser } from '@linkpass/testing/browser'
import { type Step, steps } from './steps.ts'

/** One step that was walked, and what came back. */
export interface WalkedStep extends Step {
  readonly number: number
  readonly cameBack: string
}

/** A step that did not come out as it must. */
export class StepFailedError extends Error {
  readonly number: number

  constructor(number: number, step: Step, cause: unknown) {
    super(`Step ${number} failed: ${step.title}`, { cause })
    this.number = number
  }
}

/** What breaks a step on purpose, by number: how a test knows that each step can fail. */
export type Sabotage = (before: number, emulator: Emulator) => void

/** Yields each step once it was walked. Throws {@link StepFailedError} at the first that fails. */
export async function* walkJourney(sabotage: Sabotage = () => {}): AsyncGenerator<WalkedStep> {
  const emulator = await startEmulator()
  const world = await startApp(emulator)
  try {
    for (const [index, walk] of walks.entries()) {
      const step = steps[index]
      assert.ok(step)
      const number = index + 1
      let cameBack
      try {
        sabotage(number, emulator)
        cameBack = await walk(world)
      } catch (cause) {
        throw new StepFailedError(number, step, cause)
      }
      yield { ...step, number, cameBack }
    }
  } finally {
    await world.close()
    await emulator.close()
  }
}

interface Journey {
  readonly emulator: Emulator
  /** The one the person signs in with. */
  readonly browser: Browser
  /** Another visitor: a mail scanner, or a preview. */
  readonly stranger: Browser
  readonly welcomed: string[]
  readonly cookieNames: Auth['cookieNames']
  /** The link, once it was mailed. */
  link: string
  close(): Promise<void>
}

async function startApp(emulator: Emulator): Promise<Journey> {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A listening TCP server's address is always an AddressInfo.
  const { port } = server.address() as AddressInfo
  const appUrl = `http://127.0.0.1:${port}`

  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const welcomed: string[] = []
  const auth = createAuth(client, {
    appUrl,
    cookieSecret: 'a secret of the journey, long enough',
    onSignIn: ({ user }) => {
      welcomed.push(user.userId)
    },
  })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.json({ userId: getSession(req).userId })
  })

  return {
    emulator,
    browser: new Browser(appUrl, () => clock.now()),
    stranger: new Browser(appUrl, () => clock.now()),
    welcomed,
    cookieNames: auth.cookieNames,
    link: '',
    close: async () => {
      auth.close()
      await client.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

const address = 'ada@example.test'

/** What each step does and must find. In the order of `steps`. */
const walks: readonly ((journey: Journey) => Promise<string>)[] = [
  async ({ browser }) => {
    const blocked = await browser.visit('/me')
    assert.equal(blocked.status, 303)
    const page = await browser.open(blocked.location ?? '')
    const answer = await browser.submit(page, { loginId: address })
    assert.equal(answer.status, 303)
    return `${answer.status} to ${answer.location}, cookie ${browser.cookieNames.join(', ')}`
  },

  async ({ emulator }) => {
    const [call] = emulator.requests()
    assert.equal(call?.path, '/v1/auth/magiclink/signup-in/email')
    assert.equal(call.status, 200)
    return `${call.method} ${call.path} ${call.status}`
  },

  async (journey) => {
    const mail = await journey.emulator.inbox.waitFor({ to: address })
    const [link] = mail.links
    assert.equal(mail.links.length, 1)
    assert.equal(link?.state, 'unused')
    journey.link = link.url
    return `“${mail.subject}”, one link, ${link.state}`
  },

  async ({ link }) => {
    const { pathname, searchParams } = new URL(link)
    assert.match(pathname, /^\/auth\/verify\/[\w-]{22}$/)
    return `${pathname}?t=${shortened(searchParams.get('t') ?? '')}`
  },

  async ({ emulator, browser, stranger, link }) => {
    for (const method of ['HEAD', 'GET', 'GET', 'GET'] as const) {
      const seen = await stranger.visit(link, { method })
      assert.equal(seen.status, 200)
    }
    assert.equal(calls(emulator, 'magiclink/verify'), 0)
    const answer = await browser.visit(link)
    assert.equal(answer.status, 303)
    assert.equal(calls(emulator, 'magiclink/verify'), 1)
    return `a stranger's HEAD and three GETs: unspent; this browser: ${answer.status}`
  },

  async ({ browser, welcomed, cookieNames }) => {
    assert.equal(welcomed.length, 1)
    const { session: name, refresh: refreshName } = cookieNames
    const [session, refresh] = [browser.cookie(name), browser.cookie(refreshName)]
    assert.ok(session)
    assert.ok(refresh)
    return `${name}=${shortened(session)} ${refreshName}=${shortened(refresh)}, onSignIn ran once`
  },

  async ({ emulator, browser, welcomed }) => {
    const before = emulator.requests().length
    const answer = await browser.visit('/me')
    assert.equal(answer.status, 200)
    assert.deepEqual(JSON.parse(answer.body), { userId: welcomed[0] })
    assert.equal(emulator.requests().length, before)
    return `200 ${answer.body}, no call`
  },

  async ({ emulator, browser, welcomed, cookieNames }) => {
    emulator.clock.advance(60 * 60 * 1000)
    assert.ok(!browser.cookieNames.includes(cookieNames.session))
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.visit('/me')))
    for (const { status, body } of answers) {
      assert.equal(status, 200)
      assert.deepEqual(JSON.parse(body), { userId: welcomed[0] })
    }
    assert.equal(calls(emulator, 'auth/refresh'), 1)
    return `an hour later: ${cookieNames.session} dropped, 20 requests at once, 20 × 200, one refresh`
  },
]

function calls(emulator: Emulator, path: string): number {
  return emulator.requests().filter((request) => request.path.endsWith(path)).length
}

function shortened(secret: string): string {
  return `${secret.slice(0, 6)}…`
}
