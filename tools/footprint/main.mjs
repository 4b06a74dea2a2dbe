// `npm run footprint`: counts the files and functions of packages/ that run for five jobs, and ends
// with code 1 if one of them takes more files than its limit.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { build } from '../scripts/packages.mjs'

/** The most files that a job may take. */
const limits = {
  'GET /me guarded, session cached': 15,
  'GET /auth/verify redeemed': 50,
}

// A file for each source file, which is what is counted.
await build({ preserveModules: true })
const { startEmulator } = await import('@linkpass/emulator')
const emulator = await startEmulator()
const app = fork(new URL('app.mjs', import.meta.url), [emulator.url, emulator.projectId])
const [footprints] = await Promise.race([
  once(app, 'message'),
  once(app, 'exit').then(([code]) => Promise.reject(new Error(`The app ended with code ${code}.`))),
])
await emulator.close()

const listFiles = process.argv.includes('--files')
console.log('| job | files | functions | limit of files |\n| --- | --: | --: | --: |')
for (const { job, files, functions } of footprints) {
  const limit = limits[job]
  const isOver = limit !== undefined && files.length > limit
  console.log(
    `| ${job} | ${files.length} | ${functions} | ${limit ?? '–'}${isOver ? ' missed' : ''} |`,
  )
  if (listFiles) for (const file of files) console.log(`  ${file}`)
  if (isOver) process.exitCode = 1
}
