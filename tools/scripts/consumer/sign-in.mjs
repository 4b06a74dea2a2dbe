// Signs a user in to an app that another process serves: node sign-in.mjs COMMAND [ARGUMENT…]
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startEmulator } from '@linkpass/emulator'
import { freePort } from './free-port.mjs'
import { signIn } from './sign-in-steps.mjs'

const port = await freePort()
const emulator = await startEmulator()
const [command, ...args] = process.argv.slice(2)
const { projectId: DESCOPE_PROJECT_ID, url: DESCOPE_BASE_URL } = emulator
const env = { ...process.env, PORT: String(port), DESCOPE_PROJECT_ID, DESCOPE_BASE_URL }
const app = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] })
const ended = once(app, 'exit').then(([code]) => assert.fail(`the app ended with ${code}`))
const linkTo = async (to) => (await emulator.inbox.waitFor({ to })).links[0].url
try {
  await Promise.race([signIn(`http://localhost:${port}`, linkTo), ended])
} finally {
  app.kill()
  await emulator.close()
}
