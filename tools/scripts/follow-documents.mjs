// Does what pages of docs/ say, word by word, each in a folder with nothing but the packages: saves the
// programs, and runs the commands, in the order in which the page has them.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './consumer/free-port.mjs'
import { signIn } from './consumer/sign-in-steps.mjs'
import { root, run } from './packages.mjs'
import { startRedis } from './start-redis.mjs'

/** The pages, and what else must hold while a user is signed in to the app of one. */
const pages = {
  'docs/start-here.md': undefined,
  'docs/protect-a-route.md': async ({ visit }) => {
    assert.match((await visit('/')).body, /^Hello, U/)
    assert.equal((await visit('/reports')).status, 403)
  },
  'docs/front-ends.md': async ({ visit, ports }) => {
    const front = `http://localhost:${ports.get('5173')}`
    assert.match(await (await fetch(front)).text(), /Front end/)
    const { headers } = await visit('/auth/session', undefined, { Origin: front })
    assert.equal(headers.get('access-control-allow-origin'), front)
    assert.equal((await visit('/auth/refresh', {}, { Origin: front })).status, 200)
    const other = { Origin: 'http://localhost:1' }
    assert.equal((await visit('/auth/refresh', {}, other)).status, 403)
  },
  'docs/production.md': async ({ visit }) => {
    const seen = new Set()
    for (let count = 0; count < 12; count += 1) {
      const { status, headers } = await visit('/me')
      assert.equal(status, 200)
      seen.add(headers.get('x-instance'))
    }
    assert.ok(seen.size > 1, 'more than one instance responded')
  },
  'docs/testing.md': undefined,
}

const environment = {
  ...process.env,
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_prefer_offline: 'true',
}

/** @param folder where the empty folders are made @param tarballs what `npm run pack` makes */
export async function followDocuments(folder, tarballs) {
  const installed = join(folder, 'installed')
  mkdirSync(installed)
  writeFileSync(join(installed, 'package.json'), '{ "private": true }\n')
  // Five seconds for a test are too few on a busy machine.
  const patience = 'export default { test: { testTimeout: 60_000, hookTimeout: 60_000 } }\n'
  writeFileSync(join(installed, 'vitest.config.mjs'), patience)
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], installed)
  const redis = await startRedis()
  try {
    for (const [page, whileSignedIn] of Object.entries(pages)) {
      const text = readFileSync(join(root, page), 'utf8')
      if (text.includes("from 'redis'") && redis === undefined) {
        console.log(`skipped: ${page}, since redis-server is not installed`)
        continue
      }
      const app = join(folder, page.replaceAll(/\W/g, '-'))
      cpSync(installed, app, { recursive: true, verbatimSymlinks: true })
      const install = page === 'docs/start-here.md' ? '' : installSection()
      const signIns = await follow(install + text, app, { REDIS_URL: redis?.url }, whileSignedIn)
      console.log(`ok: ${page}, followed word by word${signIns > 0 ? ', signs a user in' : ''}`)
    }
  } finally {
    await redis?.stop()
  }
}

/** What the other pages refer to as the installation of "Start here". */
function installSection() {
  const text = readFileSync(join(root, 'docs/start-here.md'), 'utf8')
  return /^## Install\n[^]*?(?=^## )/m.exec(text)[0]
}

async function follow(text, app, settings, whileSignedIn) {
  const ports = new Map()
  let signIns = 0
  for (const { name, language, code } of stepsOf(text)) {
    if (name !== undefined) writeFileSync(join(app, name), await withFreePorts(code, ports))
    if (language !== 'sh' || code === 'npm run pack\n') continue
    const env = { ...environment, ...settings }
    if (!code.includes('emulator exec')) {
      execFileSync('sh', ['-euc', code], { cwd: app, env, stdio: ['ignore', 'ignore', 'inherit'] })
      continue
    }
    await runApp(code, { cwd: app, env }, async (linkTo) => {
      const origin = `http://localhost:${ports.get('3000')}`
      await signIn(origin, linkTo, (visit) => whileSignedIn?.({ visit, ports }))
    })
    signIns += 1
  }
  return signIns
}

/** The code blocks of a page, each with the file that the sentence before it says to save it as. */
function stepsOf(text) {
  const block = /(?:[Ss]ave this as\s`([\w.-]+)`:\n+)?(?:<!-- .* -->\n+)?^```(\w*)\n([^]*?)^```/gm
  return [...text.matchAll(block)].map(([, name, language, code]) => ({ name, language, code }))
}

// Unchanged except for the ports, which may be in use.
async function withFreePorts(code, ports) {
  for (const port of ['3000', '5173']) {
    if (!ports.has(port)) ports.set(port, String(await freePort()))
  }
  return code.replaceAll(/\b(?:3000|5173)\b/g, (port) => ports.get(port))
}

async function runApp(command, { cwd, env }, whileItRuns) {
  const running = spawn('sh', ['-euc', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let printed = ''
  running.stderr.on('data', (chunk) => (printed += chunk))
  const linkTo = async (to) => {
    const inbox = new URL(/http:\/\/localhost:\d+\/\S*/.exec(printed)[0])
    const project = inbox.searchParams.get('project') ?? ''
    const query = new URLSearchParams({ to, ...(project && { project }) })
    const message = await fetch(`${inbox.origin}/_emulator/messages/wait?${query}`)
    return (await message.json()).links[0].url
  }
  try {
    await whileItRuns(linkTo)
  } catch (error) {
    console.error(printed)
    throw error
  } finally {
    if (running.pid !== undefined) process.kill(-running.pid)
    await once(running, 'exit')
  }
}
