/**
 * An emulator that runs for weeks beside a test suite does not grow: what it keeps is bounded. The
 * bounds are reached by 10,000 sign-ins, one of which makes one session; the first fifth of a full run
 * is twice as many.
 */
import { Pool } from 'undici'
import { messageFrom, startChild, type StartedEmulator } from './child.ts'
import type { Memory } from './emulator-process.ts'
import { runConcurrently } from './concurrency.ts'
import { atLeast, type Finding, measuredAtMost } from './finding.ts'

export interface EmulatorMemoryOptions {
  readonly signIns: number
}

/** One after each twentieth of the run; later ones are compared with the fourth. */
const samples = 20
const warmUpSamples = 4

// With memory to spare V8 delays garbage collection and its heap fragments, so that the resident size
// varies by half (measured: 180 to 280 MB, of which 40 are live). A small heap takes little more than
// what is live.
const smallHeap = ['--optimize-for-size', '--max-semi-space-size=2']

/** Runs the scenario. */
export async function emulatorMemory({
  signIns,
}: EmulatorMemoryOptions): Promise<readonly Finding[]> {
  const child = startChild('./emulator-process.ts', smallHeap)
  try {
    const { url, projectId } = await messageFrom<StartedEmulator>(child)
    const pool = new Pool(url, { connections: 8 })
    const memory: Memory[] = []
    let signedIn = 0
    for (let sample = 0; sample < samples; sample += 1) {
      await runConcurrently(Math.ceil(signIns / samples), 8, async (index) => {
        await signIn(pool, projectId, `user-${sample}-${index}@example.test`)
        signedIn += 1
      })
      child.send('memory')
      memory.push(await messageFrom<Memory>(child))
    }
    await pool.close()
    const settled = memory.slice(warmUpSamples - 1)
    const live = settled.map((sample) => sample.live)
    // What is resident goes up and down by a tenth with how V8 and the allocator place what is live, so
    // single samples say little: what would grow is the mean.
    const resident = settled.map((sample) => sample.resident)
    const half = Math.ceil(resident.length / 2)
    const means = [meanOf(resident.slice(0, half)), meanOf(resident.slice(half))]
    return [
      atLeast('signed in', signedIn, signIns),
      measuredAtMost(`% off its ${megabytes(live[0])} MB live`, driftOf(live), 5),
      measuredAtMost(
        `% between the halves of the run, at a mean of ${megabytes(means[0])} MB resident`,
        driftOf(means),
        5,
      ),
    ]
  } finally {
    child.kill()
  }
}

/** The largest difference from the first sample, up or down, in per cent. */
function driftOf([start = Number.NaN, ...rest]: readonly number[]): number {
  return Math.max(...rest.map((bytes) => Math.abs(bytes / start - 1) * 100))
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function megabytes(bytes = 0): number {
  return Math.round(bytes / 1e6)
}

/** Signs a user in with the requests that an SDK makes. */
async function signIn(pool: Pool, projectId: string, loginId: string): Promise<void> {
  const headers = { authorization: `Bearer ${projectId}`, 'content-type': 'application/json' }
  const post = async (path: string, body: object): Promise<void> => {
    const response = await pool.request({
      method: 'POST',
      path,
      headers,
      body: JSON.stringify(body),
    })
    await response.body.dump()
    if (response.statusCode !== 200) throw new Error(`${path} returned ${response.statusCode}.`)
  }
  await post('/v1/auth/magiclink/signup-in/email', { loginId })
  const path = `/_emulator/messages?to=${encodeURIComponent(loginId)}`
  const inbox = await pool.request({ method: 'GET', path })
  const [mail]: { links: { token: string }[] }[] = JSON.parse(await inbox.body.text())
  await post('/v1/auth/magiclink/verify', { token: mail?.links[0]?.token })
}
