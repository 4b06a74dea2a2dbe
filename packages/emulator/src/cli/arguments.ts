import { parseArgs } from 'node:util'
import { isProjectId } from '../world/worlds.ts'

/** What the command line asks for. */
export type CliRequest =
  | { action: 'help' }
  | { action: 'version' }
  | { action: 'start'; settings: CliSettings }
  | { action: 'exec'; settings: CliSettings; command: string; args: readonly string[] }
  /** A line that cannot be meant: say `problem` and end with exit code 2. */
  | { action: 'refuse'; problem: string }

export interface CliSettings {
  /** Undefined: the default port, or the next free one. */
  port: number | undefined
  host: string | undefined
  projectId: string | undefined
  allowedHosts: readonly string[]
  /** One line of JSON on stdout instead of the banner. */
  json: boolean
  /** No banner. */
  quiet: boolean
}

const flags = {
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  'project-id': { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/** Reads the command line, without the node and script paths. Pure. */
export function parseCommandLine(line: readonly string[]): CliRequest {
  const dashes = line.indexOf('--')
  const own = dashes < 0 ? line : line.slice(0, dashes)
  const rest = dashes < 0 ? [] : line.slice(dashes + 1)

  const unknown = own.find((word) => word.startsWith('-') && !isKnownFlag(word))
  if (unknown !== undefined) return refuse(unknownFlag(unknown))
  const parsed = tryParse(own)
  if (typeof parsed === 'string') return refuse(parsed)
  const { values, positionals } = parsed
  if (values.help) return { action: 'help' }
  if (values.version) return { action: 'version' }

  const [action = 'start', extra] = positionals
  if (extra !== undefined) return refuse(`Unexpected argument ${extra}.`)
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    return refuse(`--port needs a number from 0 to 65535, and ${values.port} is none.`)
  }
  const projectId = values['project-id']
  if (projectId !== undefined && !isProjectId(projectId)) {
    return refuse('--project-id needs "P" and 27 to 40 letters and digits.')
  }
  const settings: CliSettings = {
    port,
    host: values.host,
    projectId,
    allowedHosts: values['allow-host'] ?? [],
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  }
  if (action === 'start') {
    return rest.length === 0
      ? { action, settings }
      : refuse('A command after -- goes with exec: linkpass-emulator exec -- <command>.')
  }
  if (action !== 'exec') return refuse(`There is no command ${action}: start or exec.`)
  const [command, ...args] = rest
  if (command === undefined) {
    return refuse('exec needs a command: linkpass-emulator exec -- npm test.')
  }
  return { action, settings, command, args }
}

function refuse(problem: string): CliRequest {
  return { action: 'refuse', problem }
}

function tryParse(args: readonly string[]): ReturnType<typeof parse> | string {
  try {
    return parse(args)
  } catch (error) {
    return error instanceof Error ? error.message : 'The command line cannot be read.'
  }
}

const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: flags, allowPositionals: true })

function isKnownFlag(word: string): boolean {
  const name = word.split('=')[0] ?? word
  return Object.entries(flags).some(
    ([long, flag]) => name === `--${long}` || ('short' in flag && name === `-${flag.short}`),
  )
}

function unknownFlag(word: string): string {
  const name = (word.split('=')[0] ?? word).replace(/^-+/, '')
  const near = Object.keys(flags)
    .map((flag) => ({ flag, distance: editDistance(name, flag) }))
    .sort((a, b) => a.distance - b.distance)[0]
  const guess = near !== undefined && near.distance <= 2 ? ` Did you mean --${near.flag}?` : ''
  return `There is no option ${word}.${guess} See --help.`
}

/** How many letters to add, drop or change to get from one word to the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b).entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
