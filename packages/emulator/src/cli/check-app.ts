import { writeFile } from 'node:fs/promises'
import { CannotCheckError } from '../check/cannot-check.ts'
import type { CheckedApp } from '../check/run-checks.ts'
import { runChecks } from '../check/run-checks.ts'
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort())
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
    if (settings.junit !== undefined) await writeFile(settings.junit, junitXml(results))
    return code
  } catch (error) {
    if (!(error instanceof CannotCheckError)) throw error
    if (settings.json) console.log(JSON.stringify({ exitCode: 2, app, error: error.message }))
    else console.error(error.message)
    const failed = { name: 'start', title: 'The app can be checked', problems: [], notes: [] }
    const result = { ...failed, status: 'error', reason: error.message } as const
    if (settings.junit !== undefined) await writeFile(settings.junit, junitXml([result]))
    return 2
  }
}
