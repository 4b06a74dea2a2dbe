// How fast the emulator signs users in, and how its heap grows: `npm run bench emulator`. Sign-ins go
// over HTTP, two requests and two signatures each; SIGN_INS=100000 sets their number.
import { startEmulator } from '@linkpass/emulator'

const signIns = Number(process.env.SIGN_INS ?? 2000)
const batch = 16

async function signIn(emulator, loginId) {
  const post = async (path, body) => {
    const response = await fetch(emulator.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${emulator.projectId}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    })
    return response.json()
  }
  await post('/v1/auth/magiclink/signup-in/email', { loginId })
  const { links } = await emulator.inbox.waitFor({ to: loginId })
  const session = await post('/v1/auth/magiclink/verify', { token: links[0].token })
  if (!session.sessionJwt) throw new Error('The emulator did not sign in.')
}

const starts = []
for (let i = 0; i < 12; i++) {
  const startedAt = performance.now()
  const emulator = await startEmulator()
  const listeningAt = performance.now()
  await signIn(emulator, 'ada@example.test')
  starts.push([listeningAt - startedAt, performance.now() - startedAt])
  await emulator.close()
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
console.log('\nEmulator')
console.log(
  `  startEmulator(), most of it key generation   ${median(starts.map(([ms]) => ms)).toFixed(0)} ms`,
)
console.log(
  `  startEmulator() to a first session           ${median(starts.map(([, ms]) => ms)).toFixed(0)} ms`,
)

const emulator = await startEmulator()
let done = 0
const heapMb = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1024 / 1024
}
const startedAt = performance.now()
for (let tenth = 1; tenth <= 10; tenth++) {
  while (done < (signIns * tenth) / 10) {
    await Promise.all(
      Array.from({ length: batch }, (_, i) => signIn(emulator, `p${done + i}@a.test`)),
    )
    done += batch
  }
  const perSecond = done / ((performance.now() - startedAt) / 1000)
  console.log(
    `  after ${String(done).padStart(6)} sign-ins: ${heapMb().toFixed(1)} MB of heap, ${perSecond.toFixed(0)} a second`,
  )
}
await emulator.close()
