import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Backend, type SeenRequest, emulatorBackend, liveBackend } from './backend.ts'
import { cases } from './cases/all.ts'
import { runCase } from './cases/case.ts'
import { choices } from './choices/all.ts'
import { createFrontEnds } from './front-ends/all.ts'
import { createTestUser, deleteTestUser } from './test-users.ts'
import { type Sdk, createSdks } from './sdk.ts'
import { writeSupported } from './supported.ts'

/**
 * Runs every case with every SDK, against the emulator or, with `--live`, against the service.
 * Against the emulator it then compares SUPPORTED.md with the results; `--write` updates the file.
 */
const { values: flags } = parseArgs({
  options: { live: { type: 'boolean' }, write: { type: 'boolean' } },
})
const supportedFile = new URL('../../../packages/emulator/SUPPORTED.md', import.meta.url)

const backend = flags.live ? liveBackend(process.env) : await emulatorBackend()
if (backend === undefined) {
  console.error(
    '--live needs DESCOPE_PROJECT_ID and DESCOPE_MANAGEMENT_KEY, of a project that is used for nothing else.',
  )
  process.exit(2)
}
const requests = new Map<string, readonly SeenRequest[]>()
const titles = new Map<string, readonly string[]>()
let failures = 0

const { frontEnds, notRun } = await createFrontEnds(backend)
for (const sdk of [...createSdks(backend), ...frontEnds]) {
  titles.set(sdk.name, await runCases(sdk, backend))
  requests.set(sdk.name, backend.takeRequests())
  await sdk.close()
}
await checkChoices(backend)
if (!flags.live && notRun.length === 0) await compareSupported(backend)
for (const reason of notRun) console.log(`\nNot run, so SUPPORTED.md is not compared: ${reason}`)
await backend.close()
console.log(failures === 0 ? '\nAll as expected.' : `\n${failures} not as expected.`)
process.exitCode = failures === 0 ? 0 : 1

async function runCases(sdk: Sdk, against: Backend): Promise<string[]> {
  console.log(`\n${sdk.name}`)
  const passed: string[] = []
  for (const one of cases) {
    if (one.applies?.(sdk) === false) continue
    if (against.kind === 'live' && !one.live) {
      console.log(`  –  ${one.title} (not run live)`)
      continue
    }
    try {
      await runCase(one, sdk, against)
      passed.push(one.title)
      console.log(`  ok ${one.title}`)
    } catch (error) {
      failures += 1
      console.log(
        `  FAILED ${one.title}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  return passed
}

async function checkChoices(against: Backend): Promise<void> {
  console.log('\nPoints that no source documents')
  for (const { point, emulated, check } of choices) {
    if (check === undefined) continue
    const testUser = await createTestUser(against)
    const holds = await check(against, testUser).catch(() => false)
    await deleteTestUser(against, testUser)
    if (!holds) failures += 1
    const verdict = against.kind === 'live' ? 'confirmed' : 'holds    '
    console.log(`  ${holds ? verdict : 'differs  '} ${point}: ${emulated}`)
  }
}

async function compareSupported(against: Backend): Promise<void> {
  const endpoints = await against.endpoints()
  const written = writeSupported({
    endpoints,
    requests,
    titles,
    cases: cases.map(({ title }) => title),
    choices,
  })
  if (flags.write) {
    await writeFile(supportedFile, written)
    console.log('\nSUPPORTED.md is written.')
    return
  }
  const current = await readFile(supportedFile, 'utf8').catch(() => '')
  if (current === written) return
  failures += 1
  console.log('\nSUPPORTED.md is out of date: run "npm run conformance -- --write" and commit it.')
}
