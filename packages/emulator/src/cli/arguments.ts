import { parseArgs } from 'node:util'
import { isProjectId } from '../world/worlds.ts'

/** What the command line says to do. */
export type CliCommand =
  | { action: 'help' }
  | { action: 'version' }
  | { action: 'start'; settings: CliSettings }
  | { action: 'exec'; settings: CliSettings; command: string; args: readonly string[] }
  | {
      action: 'check'
      settings: CliSettings & CheckSettings
      command: string
      args: readonly string[]
    }
  | { action: 'doctor'; settings: CliSettings & DoctorSettings }
  /** The command line is invalid: print `message` and exit with code 2. */
  | { action: 'usage-error'; message: string }

export interface CliSettings {
  /** Undefined: the default port, or the next free one. */
  port: number | undefined
  host: string | undefined
  projectId: string | undefined
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
  /** Serve https. */
  tls: boolean
  /** Where the certificate to trust is written. Undefined: into the folder for temporary files. */
  caFile: string | undefined
  /** The JSON file with tenants, roles and users. */
  seed: string | undefined
  /** Print one line of JSON instead of the banner. */
  json: boolean
  /** Print no banner. */
  quiet: boolean
}

/** The options of `check`. */
export interface CheckSettings {
  /** Where the app listens. Undefined: it is found. */
  url: string | undefined
  /** Where sign-in is mounted. Undefined: it is searched for. */
  base: string | undefined
  /** A page that only signed-in users get. Undefined: it is searched for. */
  page: string | undefined
  timeoutSeconds: number
  /** The file for the results as JUnit XML. */
  junit: string | undefined
}

/** The options of `doctor`. */
export interface DoctorSettings {
  /** The address that browsers use for the app. */
  appUrl: string | undefined
  /** A file with a session token. */
  tokenFile: string | undefined
  /** A file with environment variables. */
  envFile: string | undefined
  timeoutSeconds: number
}

const flags = {
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  'project-id': { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  'allow-origin': { type: 'string', multiple: true },
  tls: { type: 'boolean' },
  'ca-file': { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  url: { type: 'string' },
  base: { type: 'string' },
  page: { type: 'string' },
  timeout: { type: 'string' },
  junit: { type: 'string' },
  'app-url': { type: 'string' },
  'token-file': { type: 'string' },
  env: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/** Parses the command line, without the node and script paths. */
export function parseCommandLine(line: readonly string[]): CliCommand {
  const dashes = line.indexOf('--')
  const own = dashes < 0 ? line : line.slice(0, dashes)
  const rest = dashes < 0 ? [] : line.slice(dashes + 1)

  const parsed = tryParse(own)
  if (typeof parsed === 'string') return usageError(parsed)
  const { values, positionals } = parsed
  if (values.help) return { action: 'help' }
  if (values.version) return { action: 'version' }

  const [action = 'start', extra] = positionals
  if (extra !== undefined) {
    const takesCommand = action === 'exec' || action === 'check'
    return usageError(
      takesCommand
        ? `Put -- before the command: npx @linkpass/emulator ${action} -- ${extra} …`
        : `Unexpected argument ${extra}.`,
    )
  }
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    return usageError(`--port must be a number from 0 to 65535, not ${values.port}.`)
  }
  const projectId = values['project-id']
  if (projectId !== undefined && !isProjectId(projectId)) {
    return usageError('--project-id must be "P" and 27 to 40 letters and digits.')
  }
  const settings: CliSettings = {
    port,
    host: values.host,
    projectId,
    allowedHosts: values['allow-host'] ?? [],
    allowedOrigins: values['allow-origin'] ?? [],
    tls: values.tls ?? values['ca-file'] !== undefined,
    caFile: values['ca-file'],
    seed: values.seed,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  }
  if (action === 'start') {
    return rest.length === 0
      ? { action, settings }
      : usageError('A command after -- needs exec: npx @linkpass/emulator exec -- <command>')
  }
  if (action === 'doctor') {
    const doctor = doctorSettings(values)
    return typeof doctor === 'string'
      ? usageError(doctor)
      : { action, settings: { ...settings, ...doctor } }
  }
  if (action !== 'exec' && action !== 'check') {
    return usageError(`Unknown command ${action}: use start, exec, check or doctor.`)
  }
  const [command, ...args] = rest
  if (command === undefined) {
    const example = action === 'exec' ? 'npm test' : 'node app.js'
    return usageError(
      `${action} needs a command, such as: npx @linkpass/emulator ${action} -- ${example}`,
    )
  }
  if (action === 'exec') return { action, settings, command, args }
  const check = checkSettings(values)
  if (typeof check === 'string') return usageError(check)
  return { action, settings: { ...settings, ...check }, command, args }
}

/** The options of `check`, or what is wrong with them. */
function checkSettings(values: ReturnType<typeof parse>['values']): CheckSettings | string {
  const { url, base, page, junit } = values
  const timeoutSeconds = secondsOf(values.timeout ?? '120')
  if (typeof timeoutSeconds === 'string') return timeoutSeconds
  if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    return `--url must be an http or https URL, such as http://localhost:3000, not ${url}.`
  }
  for (const [name, path] of Object.entries({ base, page })) {
    if (path?.startsWith('/') === false) return `--${name} must be a path that begins with "/".`
  }
  return { url, base: base?.replace(/\/+$/, ''), page, timeoutSeconds, junit }
}

/** The options of `doctor`, or what is wrong with them. */
function doctorSettings(values: ReturnType<typeof parse>['values']): DoctorSettings | string {
  const timeoutSeconds = secondsOf(values.timeout ?? '10')
  if (typeof timeoutSeconds === 'string') return timeoutSeconds
  return {
    appUrl: values['app-url'],
    tokenFile: values['token-file'],
    envFile: values.env,
    timeoutSeconds,
  }
}

function secondsOf(timeout: string): number | string {
  const seconds = Number(timeout)
  if (seconds > 0 && seconds <= 3600) return seconds
  return `--timeout must be a number of seconds up to 3600, not ${timeout}.`
}

function usageError(message: string): CliCommand {
  return { action: 'usage-error', message }
}

function tryParse(args: readonly string[]): ReturnType<typeof parse> | string {
  try {
    return parse(args)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // The other sentences of the message are advice about arguments that start with a dash.
    const [problem = error.message] = error.message.split(/\.\s/)
    return `${problem}. --help lists the options.`
  }
}

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: flags, allowPositionals: true })
