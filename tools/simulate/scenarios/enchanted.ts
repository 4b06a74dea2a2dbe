import type { WebResponse } from '@linkpass/web'
import type { Browser } from '../browser.ts'
import type { Mail } from '../service.ts'
import { Simulation } from '../simulation.ts'
import { oneOf, type Scenario } from './scenario.ts'

const asAda = { userId: 'U-ada' }

/**
 * An enchanted sign-in: a browser waits for it and completes it, with a double click, while two holders of
 * its links approve and refuse it.
 *
 * Invariants: those of every scenario, and
 * - no browser gets the session of an attempt whose refusal was confirmed, before or after. A store that
 *   loses writes may lose the refusal.
 */
export const enchanted: Scenario = {
  deploy: (world, planted) => new Simulation(world, { graceSeconds: 0, client: {}, planted }),

  async play(simulation) {
    const { world, service } = simulation
    const ada = simulation.browser('ada')
    const fields = { loginId: 'ada@example.com' }
    world.calm()
    await ada.send('POST /auth/enchanted-link', { fields })
    world.trouble()
    const [mail] = service.mails
    if (mail === undefined) throw new Error('No link was sent.')
    const outcomes = new Outcomes(simulation)
    if (world.choices.isExhaustive) {
      await decide(simulation, mail, 'approve')
      await ada.send('GET /auth/enchanted-link/status', {})
      await Promise.all([
        ada
          .send('POST /auth/enchanted-link/complete', { ...asAda, at: 0 })
          .then(outcomes.completed),
        decide(simulation, mail, 'refuse', 1).then(outcomes.refused),
      ])
      return
    }
    await Promise.all([
      complete(simulation, ada, outcomes),
      later(simulation).then(() => decide(simulation, mail, 'approve')),
      later(simulation)
        .then(() => decide(simulation, mail, 'refuse'))
        .then(outcomes.refused),
    ])
  },
}

/** What the browsers were told. */
class Outcomes {
  readonly #simulation: Simulation
  #isRefused = false
  #isCompleted = false

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  readonly refused = (response: WebResponse | undefined): void => {
    this.#isRefused ||= response?.body === '{"state":"refused"}'
    this.#check()
  }

  readonly completed = (response: WebResponse | undefined): void => {
    const { session } = this.#simulation.cookieNames
    this.#isCompleted ||=
      response?.cookies.some(({ name, maxAge }) => name === session && maxAge > 0) ?? false
    this.#check()
  }

  #check(): void {
    if (!this.#isRefused || !this.#isCompleted || this.#simulation.hasLostWrites) return
    this.#simulation.world.violate('a refused attempt completes')
  }
}

/** The tab that waits. Some users click twice, and some browsers repeat what got no response. */
async function complete(simulation: Simulation, ada: Browser, outcomes: Outcomes): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    const status = await ada.send('GET /auth/enchanted-link/status', {})
    if (status?.body.includes('"approved"') !== true) continue
    const clicks = oneOf(simulation.world, [2, 1])
    const responses = await Promise.all(
      Array.from({ length: clicks }, () => ada.send('POST /auth/enchanted-link/complete', asAda)),
    )
    for (const response of responses) outcomes.completed(response)
    if (responses.every((response) => response !== undefined && response.status < 500)) return
  }
}

async function later({ world }: Simulation): Promise<void> {
  await world.sleep(oneOf(world, [0, 0, 500, 1200, 3000, 30_000]))
}

/** Someone opens the mail on another device, and decides. */
function decide(
  simulation: Simulation,
  mail: Mail,
  decision: 'approve' | 'refuse',
  at?: number,
): Promise<WebResponse | undefined> {
  const state = mail.url.slice(mail.url.lastIndexOf('/') + 1)
  const fields = { t: mail.token, state, decision }
  const visit = { fields, ...(at !== undefined && { at }) }
  return simulation.browser(`holder-${decision}`).send('POST /auth/enchanted-link/verify', visit)
}
