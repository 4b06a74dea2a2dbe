import type { Emulator } from '../start-emulator.ts'

/** The environment that SDKs of every language read; `exec` sets it, the banner shows it. */
export function environmentOf(emulator: Emulator): Record<string, string> {
  return {
    DESCOPE_PROJECT_ID: emulator.projectId,
    DESCOPE_BASE_URL: emulator.url,
    // The Python SDK spells it so.
    DESCOPE_BASE_URI: emulator.url,
    DESCOPE_MANAGEMENT_KEY: emulator.managementKey,
  }
}

/** The one line of `--json`, for scripts that start the emulator and read where it is. */
export function jsonLine(emulator: Emulator, pid: number): string {
  const { url, inboxUrl, projectId, managementKey } = emulator
  return JSON.stringify({ url, inboxUrl, projectId, managementKey, pid })
}

/** What `start` prints. Pure; `color` is false for a pipe or with NO_COLOR. */
export function banner(emulator: Emulator, version: string, color: boolean): string {
  const bold = (text: string): string => (color ? `\u001B[1m${text}\u001B[22m` : text)
  const dim = (text: string): string => (color ? `\u001B[2m${text}\u001B[22m` : text)
  const variables = Object.entries(environmentOf(emulator))
  return [
    `${bold('linkpass-emulator')} ${version}`,
    '',
    `  api    ${bold(emulator.url)}`,
    `  inbox  ${bold(emulator.inboxUrl)}`,
    '',
    ...variables.map(([name, value]) => `  ${name}=${value}`),
    '',
    dim('Every link that your app sends lands in the inbox. Ctrl+C ends it.'),
  ].join('\n')
}

export const usage: string = `Usage
  linkpass-emulator                       start on port 4500, or the next free one
  linkpass-emulator --port 0 --json       start on a free port, and say where in one line of JSON
  linkpass-emulator exec -- npm test      run a command with the emulator in its environment

Options
  -p, --port <number>      the port; 0 takes a free one
      --host <address>     the address to listen on (default 127.0.0.1, and ::1 with it)
      --allow-host <name>  a host name to answer to besides loopback; may be repeated
      --project-id <id>    the project of the default world
      --json               one line of JSON on stdout instead of the banner
  -q, --quiet              no banner, and not a word from exec
  -h, --help               this text
  -v, --version            the version`
