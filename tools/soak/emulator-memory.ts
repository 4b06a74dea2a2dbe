/**
 * An emulator that runs for weeks beside a test suite stays as small as it was: what it remembers
 * is bounded, and the bounds are reached within the first fifth of the run.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { inCrowd } from './crowd.ts'
import { atLeast, type Finding, measuredAtMost } from './finding.ts'

export interface EmulatorMemoryOptions {
  readonly signIns: number
}

/** One after each twentieth of the run; the fourth is what the later ones are held against. */
const samples = 20
const warmUpSamples = 4

// With room to spare V8 lets garbage lie and its heap fragment, and memory wanders by half whatever
// is held (measured: 180 to 280 MB around 40 live). Kept tight, it takes what is held and little else.
const tightHeap = ['--optimize-for-size', '--max-semi-space-size=2']

/** Runs it. */
export async function emulatorMemory({
  signIns,
}: EmulatorMemoryOptions): Promise<readonly Finding[]> {
  const script = fileURLToPath(new URL('./emulator-process.ts', import.meta.url))
  const execArgv = ['--conditions=@linkpass/source', '--import', 'tsx', ...tightHeap]
  const child = fork(script, { execArgv, env: { ...process.env, NODE_ENV: 'test' } })
  try {
    const { url, projectId } = await answerOf<Started>(child)
    const pool = new Pool(url, { connections: 8 })
    const residentBytes: number[] = []
    let signedIn = 0
    for (let sample = 0; sample < samples; sample += 1) {
      await inCrowd(Math.ceil(signIns / samples), 8, async (index) => {
        await signIn(pool, projectId, `person-${sample}-${index}@example.test`)
        signedIn += 1
      })
      child.send('memory')
      residentBytes.push(await answerOf<number>(child))
    }
    await pool.close()
    const settled = residentBytes.slice(warmUpSamples - 1)
    const megabytes = Math.round((settled[0] ?? 0) / 1e6)
    return [
      atLeast('signed in', signedIn, signIns),
      measuredAtMost(`% strayed from its ${megabytes} MB at a fifth`, driftOf(settled), 10),
    ]
  } finally {
    child.kill()
  }
}

/** How far memory ever strayed, up or down, from the first sample, in per cent. */
function driftOf([start = Number.NaN, ...rest]: readonly number[]): number {
  return Math.max(...rest.map((bytes) => Math.abs(bytes / start - 1) * 100))
}

/** What emulator-process.ts sends first; each answer after it is a number of bytes. */
interface Started {
  readonly url: string
  readonly projectId: string
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const signal = AbortSignal.timeout(30_000)
  const [answer]: Answer[] = await once(child, 'message', { signal })
  if (answer === undefined) throw new Error('The emulator said nothing.')
  return answer
}

/** Signs somebody in as an SDK does, without one. */
async function signIn(pool: Pool, projectId: string, loginId: string): Promise<void> {
  const headers = { authorization: `Bearer ${projectId}`, 'content-type': 'application/json' }
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) })
    await answer.body.dump()
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}.`)
  }
  await post('/v1/auth/magiclink/signup-in/email', { loginId })
  const path = `/_emulator/messages?to=${encodeURIComponent(loginId)}`
  const inbox = await pool.request({ method: 'GET', path })
  const [mail]: { links: { token: string }[] }[] = JSON.parse(await inbox.body.text())
  await post('/v1/auth/magiclink/verify', { token: mail?.links[0]?.token })
}
