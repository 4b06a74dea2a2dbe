// Signs a user in to an app that another process serves: node sign-in.mjs COMMAND [ARGUMENT…]
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { startEmulator } from '@linkpass/emulator'

const port = await freePort()
const origin = `http://localhost:${port}`
const emulator = await startEmulator()
const [command, ...args] = process.argv.slice(2)
const { projectId: DESCOPE_PROJECT_ID, url: DESCOPE_BASE_URL } = emulator
const env = { ...process.env, PORT: String(port), DESCOPE_PROJECT_ID, DESCOPE_BASE_URL }
const app = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] })
const ended = once(app, 'exit').then(([code]) => assert.fail(`the app ended with ${code}`))
try {
  await Promise.race([signIn(), ended])
} finally {
  app.kill()
  await emulator.close()
}

async function signIn() {
  const jar = new Map()
  const visit = async (path, form) => {
    const Cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(origin + path, {
      headers: { Accept: 'application/json', Cookie },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return { status: response.status, body: await response.text() }
  }
  while (!(await visit('/me').catch(() => undefined))) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.equal((await visit('/me')).status, 401)
  const page = await visit('/auth/sign-in')
  assert.match(page.body, /<form/)
  const loginId = 'ada@example.com'
  assert.equal((await visit('/auth/magic-link', { loginId })).status, 202)
  const { links } = await emulator.inbox.waitFor({ to: loginId })
  const state = links[0].url.match(/verify\/([\w-]+)/)[1]
  assert.equal((await visit('/auth/verify', { t: links[0].token, state })).status, 200)
  assert.match((await visit('/me')).body, /^\{"userId":"U/)
  const tooLarge = { loginId: 'a'.repeat(200_000) }
  assert.equal((await visit('/auth/magic-link', tooLarge)).status, 413)
  emulator.clock.advance(11 * 60_000)
  assert.equal((await visit('/auth/logout', {})).status, 204)
  assert.equal((await visit('/me')).status, 401)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address()
  server.close()
  await once(server, 'close')
  return free
}
