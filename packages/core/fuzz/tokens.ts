/**
 * `npm run fuzz [count] [seed]`: throws mutated tokens at the validation and asks jose about each
 * one that is let through. Ends with code 1 at the first token that jose refuses, or that causes
 * anything but an outcome; the seed it prints makes the same tokens again, but for the keys.
 */
import { createLocalJWKSet, jwtVerify } from 'jose'
import { LinkpassError } from '../src/errors.ts'
import { asymmetricAlgorithms } from '../src/options.ts'
import { keys, mutatedToken } from '../test/session/mutations.ts'
import { createTestService, projectId, startTime } from '../test/session/service.ts'

const count = wholeNumber(process.argv[2], 200_000)
const seed = wholeNumber(process.argv[3], Math.floor(Math.random() * 2 ** 31))
/** However slow the machine, it is over after this long; it says how far it came. */
const deadline = performance.now() + 10 * 60_000

const set = { keys: keys.map((key) => key.jwk) }
const referee = createLocalJWKSet(set)
const { sessions } = createTestService({ publicKey: set, algorithms: asymmetricAlgorithms })
const counts = new Map<string, number>()

console.log(`Fuzzing ${count} tokens, seed ${seed} (npm run fuzz ${count} ${seed}).`)
process.on('unhandledRejection', (reason) => fail('an unhandled rejection', reason))

let done = 0
for (; done < count && performance.now() < deadline; done += 1) {
  const jwt = mutatedToken(seed + done, projectId)
  const outcome = await sessions.authenticate({ sessionJwt: jwt })
  const reason = await sessions.validateSession(jwt).then(() => 'accepted', codeOf)
  if ((outcome.status === 'signed-in') !== (reason === 'accepted')) fail('two answers', jwt)
  if (outcome.status === 'unavailable') fail('an outcome that nothing explains', jwt)
  if (reason === 'accepted' && !(await isAcceptedByReferee(jwt))) fail('jose refuses', jwt)
  counts.set(reason, (counts.get(reason) ?? 0) + 1)
}

console.log(`${done} of ${count} tokens:`)
for (const [reason, times] of [...counts].sort((a, b) => b[1] - a[1])) {
  console.log(`  ${reason.padEnd(24)} ${times}`)
}
if ((counts.get('accepted') ?? 0) === 0) fail('that nothing was accepted', 'a run without sense')

async function isAcceptedByReferee(jwt: string): Promise<boolean> {
  const options = {
    algorithms: [...asymmetricAlgorithms],
    clockTolerance: 5,
    currentDate: new Date(startTime),
  }
  return jwtVerify(jwt, referee, options).then(
    () => true,
    () => false,
  )
}

function codeOf(error: unknown): string {
  if (error instanceof LinkpassError) return error.code
  return fail('an error outside the family', error)
}

function fail(what: string, detail: unknown): never {
  console.error(`Found ${what} after ${done} tokens, seed ${seed}:`, detail)
  process.exit(1)
}

function wholeNumber(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  console.error('Usage: npm run fuzz [count] [seed], both whole numbers from 1.')
  return process.exit(2)
}
