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

/** Samples of memory: one after each twentieth of the run, of which the first four do not count. */
const samples = 20
const warmUpSamples = 4

/** Runs it. */
export async function emulatorMemory({
  signIns,
}: EmulatorMemoryOptions): Promise<readonly Finding[]> {
  const script = fileURLToPath(new URL('./emulator-process.ts', import.meta.url))
  const execArgv = ['--conditions=@linkpass/source', '--import', 'tsx']
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
    return [
      atLeast('signed in', signedIn, signIns),
      measuredAtMost('% of memory away from that at a fifth', driftOf(residentBytes), 10),
    ]
  } finally {
    child.kill()
  }
}

/** How far memory strayed from where it was at the end of the warm-up, in per cent. */
function driftOf(residentBytes: readonly number[]): number {
  const [start = Number.NaN, ...rest] = residentBytes.slice(warmUpSamples - 1)
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
