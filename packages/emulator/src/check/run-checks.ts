import type { Emulator } from '../handle.ts'
import { startApp } from './app-process.ts'
import type { Exchange } from './browser.ts'
import { CannotCheckError } from './cannot-check.ts'
import type { Check, CheckResult, Problem, ReportedProblem } from './check.ts'
import { checks } from './checks/index.ts'
import { type RouteOptions, explore } from './site/explore.ts'
import { Secrets } from './secrets.ts'
import { Site } from './site/site.ts'

/** What is checked, and how. */
export interface CheckOptions extends Omit<RouteOptions, 'printed'> {
  readonly command: string
  readonly args: readonly string[]
  /** The variables that lead the app to the emulator. */
  readonly environment: Readonly<Record<string, string>>
  /** Where the app listens. @default found in its output, else PORT, else a usual port */
  readonly url: string | undefined
  /** For the start of the app and all checks, in milliseconds. */
  readonly timeoutMs: number
  /** Ends the run early. */
  readonly signal: AbortSignal
  /** Called once the app is known, before the first check. */
  readonly onStart: (app: CheckedApp) => void
  readonly onResult: (result: CheckResult) => void
}

/** The app as it was found. */
export interface CheckedApp {
  readonly url: string
  /** The origin that links lead to. */
  readonly origin: string
  /** `POST /auth/magic-link` */
  readonly signIn: string
  readonly page: string | undefined
  readonly logout: string | undefined
}

/**
 * Starts the app with the emulator, signs in, and runs every check. The app is stopped at the end.
 *
 * @throws {CannotCheckError} the app does not start, or no sign-in succeeds
 */
export async function runChecks(
  emulator: Emulator,
  options: CheckOptions,
): Promise<readonly CheckResult[]> {
  const deadline = AbortSignal.timeout(options.timeoutMs)
  const secrets = new Secrets()
  secrets.add(emulator.managementKey, 'management key')
  const app = await startApp({
    ...options,
    redact: (text) => secrets.redact(text),
    otherPorts: [Number(new URL(emulator.url).port)],
  })
  try {
    const site = new Site(emulator, { server: app.url, origin: app.url }, secrets, app.output)
    const bounds = { deadline, ended: options.signal }
    const seconds = options.timeoutMs / 1000
    await within(
      () => explore(site, { ...options, printed: app.path }),
      `No sign-in succeeded within ${seconds} s. --timeout sets another time.`,
      bounds,
    )
    const { origin, signIn, page, logout } = site.facts
    const exit = logout && `${logout.method} ${logout.path}`
    options.onStart({
      url: app.url,
      origin,
      signIn: `POST ${signIn.path}`,
      logout: exit,
      page: page && secrets.redact(page),
    })
    const results: CheckResult[] = []
    for (const check of checks) {
      const before = app.ended()
      const result = await runCheck(check, site, async (run) => {
        if (before !== undefined && !check.readsOutput)
          throw new CannotCheckError(`The app ${before}.`)
        return await within(run, `The time of ${seconds} s was over.`, bounds)
      })
      const isGone = result.problems.some(({ response }) => /ECONN|hang up/.test(response ?? ''))
      if (isGone) await app.endedWithin(crashMs)
      const after = before === undefined ? app.ended() : undefined
      results.push(after === undefined ? result : crashed(result, after, secrets, app.output()))
      options.onResult(results.at(-1) ?? result)
    }
    return results
  } finally {
    await app.stop()
  }
}

async function runCheck(
  { name, title, fix, notApplicable, run }: Check,
  site: Site,
  bounded: <T>(run: () => Promise<T>) => Promise<T>,
): Promise<CheckResult> {
  const known = { name, title, problems: [], notes: [] }
  const reason = notApplicable?.(site.facts)
  if (reason !== undefined) return { ...known, status: 'not-applicable', reason }
  try {
    const { problems, notes = [] } = await bounded(async () => await run(site))
    const status = problems.length > 0 ? 'failed' : 'held'
    const reported = problems.map((problem) => reportProblem(problem, fix, site.secrets))
    return {
      ...known,
      status,
      problems: reported,
      notes: notes.map((note) => site.secrets.redact(note)),
    }
  } catch (error) {
    if (!(error instanceof CannotCheckError)) throw error
    return { ...known, status: 'error', reason: error.message }
  }
}

/** The result of a check during which the app ended: whatever else it found follows from that. */
function crashed(
  { name, title }: CheckResult,
  ended: string,
  secrets: Secrets,
  output: string,
): CheckResult {
  const last = secrets.redact(output).trim().split('\n').slice(-maxCrashLines).join('\n')
  const problem = `The app ${ended} during this check. Its last output:\n${last}`
  const fix = 'Handle the rejection of every promise, also those of async handlers and middleware.'
  return { name, title, status: 'failed', problems: [{ problem, fix }], notes: [] }
}

// A process that dies closes its connections first.
const crashMs = 2000
const maxCrashLines = 8

function reportProblem(found: Problem, fix: string, secrets: Secrets): ReportedProblem {
  const { shownBy } = found
  return {
    problem: secrets.redact(found.problem),
    ...(shownBy && {
      request: secrets.redact(`${shownBy.method} ${shownBy.path}`),
      response: secrets.redact(responseOf(shownBy)),
    }),
    fix: found.fix ?? fix,
  }
}

/** `303, Location: https://…, sets DS` */
function responseOf({ status, failure, location, setCookies, headers }: Exchange): string {
  if (status === 0) return failure ?? 'no response'
  const names = [...new Set(setCookies.map((line) => line.split('=', 1).join('')))]
  const caching = headers['cache-control']
  return [
    String(status),
    ...(location === undefined ? [] : [`Location: ${location}`]),
    ...(caching === undefined ? [] : [`Cache-Control: ${String(caching)}`]),
    ...(names.length === 0 ? [] : [`Set-Cookie for ${names.join(', ')}`]),
  ].join(', ')
}

/**
 * The result of the work, unless the time is over or the run was ended.
 *
 * @throws {CannotCheckError} with the message `late`, or that the run was ended
 */
async function within<T>(
  start: () => Promise<T>,
  late: string,
  { deadline, ended }: { readonly deadline: AbortSignal; readonly ended: AbortSignal },
): Promise<T> {
  const error = (): Error => new CannotCheckError(ended.aborted ? 'The run was ended.' : late)
  const either = AbortSignal.any([deadline, ended])
  if (either.aborted) throw error()
  const work = start()
  // What the work does after its time fails, since the app is stopped: nobody waits for it.
  work.catch(() => undefined)
  let over = (): void => undefined
  const end = new Promise<never>((_, reject) => {
    over = () => reject(error())
    either.addEventListener('abort', over, { once: true })
  })
  try {
    return await Promise.race([work, end])
  } finally {
    either.removeEventListener('abort', over)
  }
}
