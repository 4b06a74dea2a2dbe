import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { bundleProgram } from '@linkpass/testing/bundle'
import { afterAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const apps = fileURLToPath(new URL('apps', import.meta.url))
const main = new URL('../../packages/emulator/src/cli/main.ts', import.meta.url)
const command = await bundleProgram(main)
const junit = `${apps}/check.xml`

afterAll(() => Promise.all([command[Symbol.asyncDispose](), rm(junit, { force: true })]))

/** Runs a command line of docs/check.md in the folder of the apps, with the bin from source. */
async function run(line: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const [npx, name, ...args] = line.split(' ')
  expect([npx, name]).toEqual(['npx', '@linkpass/emulator'])
  const child = spawn(process.execPath, [command.file, ...args], {
    cwd: apps,
    env: { ...process.env, NODE_ENV: 'test', PORT: '' },
  })
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, stdout, stderr }
}

test('the command of the workflow file runs, and writes what CI systems show', async () => {
  const page = await readFile(`${root}/docs/check.md`, 'utf8')
  const line = /- run: (npx @linkpass\/emulator check .*)/.exec(page)?.[1] ?? ''
  expect(line).toBe('npx @linkpass/emulator check --junit check.xml -- node app.js')
  const { code, stdout, stderr } = await run(line)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^http:\/\/localhost:\d+: sign-in POST \/login, page GET \/account/)
  expect(stdout).toMatch(/\n15 held\n$/)
  expect(await readFile(junit, 'utf8')).toMatch(/tests="15" failures="0" errors="0" skipped="0"/)
  const names = Array.from(stdout.matchAll(/^held +([\w-]+)/gm), ([, name]) => name)
  const explained = Array.from(page.matchAll(/^\| `([a-z-]+)` +\|/gm), ([, name]) => name)
  expect(new Set(explained)).toEqual(new Set(names))
})

test('it exits with 1 if a check failed, and --json has the request and the fix', async () => {
  const { code, stdout } = await run(
    'npx @linkpass/emulator check --json --page /account -- node redeems-on-get.mjs',
  )
  expect(code).toBe(1)
  const { exitCode, app, results } = JSON.parse(stdout)
  expect({ exitCode, app }).toMatchObject({ exitCode: 1, app: { page: '/account' } })
  expect(results[0]).toMatchObject({
    name: 'scanner-safety',
    status: 'failed',
    problems: [{ request: expect.stringContaining('HEAD /verify'), fix: expect.any(String) }],
  })
})

test('it exits with 2 and one message if the app cannot be checked', async () => {
  const { code, stdout, stderr } = await run(
    'npx @linkpass/emulator check -- node no-such-file.mjs',
  )
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^node ended with code 1\. Its last output:\n[^]*no-such-file/)
})
