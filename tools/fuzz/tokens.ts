/**
 * The half in process: the validation gets mutated tokens, and jose verifies each one that is
 * accepted. The same seed reproduces the same tokens, except for the keys.
 */
import { createLocalJWKSet, jwtVerify } from 'jose'
import { createDescopeClient, LinkpassError } from '@linkpass/core'
import { createTestClock, projectId, startTime } from '@linkpass/testing'
import { mutatedToken, publishedKeys } from '@linkpass/testing/mutated-token'
import { atLeast, exactly, measuredAtMost, none } from '../soak/finding.ts'
import { liveHeapMb } from '../soak/heap.ts'
import { createNotes, type Share, type Tally } from './tally.ts'

const set = { keys: publishedKeys.map((key) => key.jwk) }
const algorithms = publishedKeys.map(({ alg }) => alg)
const joseKeys = createLocalJWKSet(set)

/** Runs this half. */
export async function fuzzTokens({
  count,
  seed,
  first,
  endsAt,
  onProgress,
}: Share): Promise<Tally> {
  const notes = createNotes()
  const noise: unknown[] = []
  // A signed token of the future tells that the clock is behind, and here it never moves.
  const note = (what: unknown): unknown => isOfClock(what) || noise.push(what)
  for (const event of events) process.on(event, note)
  const clock = createTestClock()
  const client = createDescopeClient({ projectId, publicKey: set, algorithms, clock })
  const heapBefore = liveHeapMb()
  let accepted = 0
  let done = 0
  for (; done < count && Date.now() < endsAt; done += 1) {
    const input = first + done
    const jwt = mutatedToken(seed + input, projectId)
    const startedAt = performance.now()
    const outcome = await client.authenticate({ sessionJwt: jwt })
    const reason = await client.validateSession(jwt).then(() => 'accepted', codeOf)
    notes.took(performance.now() - startedAt, reason)
    notes.outcome(reason)
    if (reason === 'accepted') {
      accepted += 1
      if (!(await isAcceptedByJose(jwt))) notes.violate(input, `jose refuses ${jwt}`)
    }
    if (!reason.startsWith('ERR_TOKEN') && reason !== 'accepted') notes.violate(input, reason)
    if ((outcome.status === 'signed-in') !== (reason === 'accepted')) {
      notes.violate(input, `two results for ${jwt}`)
    }
    if (done % 1000 === 0) onProgress?.(done)
  }
  for (const event of events) process.off(event, note)
  for (const what of noise) notes.violate(first + done, String(what))
  return {
    ...notes.tally(),
    findings: [
      exactly('tokens validated', done, count),
      none('wrong outcomes', notes.violationCount),
      none('unhandled rejections, exceptions and warnings', noise.length),
      // Without this, the other figures would mean nothing.
      atLeast('accepted, by jose too', accepted, Math.floor(done / 20)),
      measuredAtMost('outcomes after more than 100 ms', notes.slowCount, 0),
      measuredAtMost(`ms for the slowest (${notes.slowest})`, notes.slowestMs, 100),
      measuredAtMost('MB of heap more than at the start', liveHeapMb() - heapBefore, 32),
    ],
  }
}

const events = ['unhandledRejection', 'uncaughtException', 'warning'] as const

function isOfClock(what: unknown): boolean {
  return what instanceof Error && 'code' in what && what.code === 'LINKPASS_CLOCK_SKEW'
}

async function isAcceptedByJose(jwt: string): Promise<boolean> {
  const options = {
    algorithms: algorithms,
    clockTolerance: 5,
    currentDate: new Date(startTime),
  }
  return jwtVerify(jwt, joseKeys, options).then(
    () => true,
    () => false,
  )
}

function codeOf(error: unknown): string {
  return error instanceof LinkpassError ? error.code : `an error of another class: ${String(error)}`
}
