// Does what "Start here" and "Testing" say, word by word, in an empty folder: the programs and the
// commands are those of the documents.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { root, run } from './packages.mjs'
import { signIn } from './consumer/sign-in-steps.mjs'

const quiet = ['--no-audit', '--no-fund', '--prefer-offline']

/** @param folder where the empty folder is made @param tarballs what `npm run pack` makes */
export async function followDocuments(folder, tarballs) {
  const app = join(folder, 'start-here')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true }\n')
  run('npm', ['install', ...quiet, ...tarballs], app)
  run('npm', ['install', ...quiet, 'express'], app)
  await startHere(app)
  console.log('ok: docs/start-here.md, followed word by word, signs a user in')
  testing(app)
  console.log('ok: docs/testing.md, followed word by word, passes')
}

async function startHere(app) {
  const [program] = blocksOf('docs/start-here.md', 'ts')
  const command = blocksOf('docs/start-here.md', 'sh').find((one) => one.includes('app.mjs'))
  // Unchanged except for the port, which may be in use.
  const port = await freePort()
  writeFileSync(join(app, 'app.mjs'), program.replaceAll('3000', String(port)))
  const [npx, ...args] = command.trim().split(' ')
  const running = spawn(npx, args, {
    cwd: app,
    stdio: ['ignore', 'inherit', 'pipe'],
    detached: true,
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
    await signIn(`http://localhost:${port}`, linkTo)
  } finally {
    if (running.pid !== undefined) process.kill(-running.pid)
    await once(running, 'exit')
  }
}

function testing(app) {
  const [program] = blocksOf('docs/testing.md', 'ts')
  run('npm', ['install', ...quiet, 'vitest', 'supertest'], app)
  writeFileSync(join(app, 'own-app.test.ts'), program)
  copyFileSync(join(root, 'examples/quickstart/test/app.ts'), join(app, 'app.ts'))
  run('npx', ['vitest', 'run'], app)
}

function blocksOf(document, language) {
  const text = readFileSync(join(root, document), 'utf8')
  const blocks = text.matchAll(/^```(\w*)\n([^]*?)^```/gm)
  return [...blocks].filter(([, of]) => of === language).map(([, , code]) => code)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
