import { writeFile } from 'node:fs/promises'
import { CannotCheckError } from '../check/cannot-check.ts'
import type { CheckResult } from '../check/check.ts'
import { type CheckedApp, runChecks } from '../check/run-checks.ts'
import { exitCodeOf, headerText, junitXml, resultText, summaryText } from '../check/report.ts'
import type { CheckSettings, CliSettings } from './arguments.ts'
import { environmentOf } from './banner.ts'
import type { Started } from './start.ts'

/** Runs `check`, prints its results, and resolves to the exit code: 0 held, 1 failed, 2 could not run. */
export async function checkApp(
  started: Started,
  command: { readonly command: string; readonly args: readonly string[] },
  settings: CliSettings & CheckSettings,
): Promise<number> {
  const text = !settings.json && !settings.quiet
  const ended = new AbortController()
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const) {
    // At the second one it exits at once. Without a listener, the app would stay behind.
    process.on(signal, () => (ended.signal.aborted ? process.exit(2) : ended.abort()))
  }
  let app: CheckedApp | undefined
  try {
    const results = await runChecks(started.emulator, {
      ...command,
      ...settings,
      environment: environmentOf(started),
      timeoutMs: settings.timeoutSeconds * 1000,
      signal: ended.signal,
      onStart: (found) => {
        app = found
        if (text) console.log(headerText(found))
      },
      onResult: (result) => {
        if (text) console.log(resultText(result))
      },
    })
    const code = exitCodeOf(results)
    if (settings.json) console.log(JSON.stringify({ exitCode: code, app, results }))
    else console.log(`\n${summaryText(results)}`)
    return (await writeJunit(settings.junit, results)) ? code : 2
  } catch (error) {
    if (!(error instanceof CannotCheckError)) throw error
    if (settings.json) console.log(JSON.stringify({ exitCode: 2, app, error: error.message }))
    else console.error(error.message)
    const failed = { name: 'start', title: 'The app can be checked', problems: [], notes: [] }
    const result = { ...failed, status: 'error', reason: error.message } as const
    await writeJunit(settings.junit, [result])
    return 2
  }
}

/** Writes the file for CI systems, if one was asked for; false if it could not be written. */
async function writeJunit(
  file: string | undefined,
  results: readonly CheckResult[],
): Promise<boolean> {
  if (file === undefined) return true
  try {
    await writeFile(file, junitXml(results))
    return true
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.error(`--junit: the file could not be written: ${reason}.`)
    return false
  }
}
