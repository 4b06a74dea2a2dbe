import type { Started } from './start.ts'

/** The environment variables that the SDKs of all languages read. */
export function environmentOf({ emulator, caFile }: Started): Record<string, string> {
  return {
    DESCOPE_PROJECT_ID: emulator.projectId,
    DESCOPE_BASE_URL: emulator.url,
    // The name that the Python SDK reads.
    DESCOPE_BASE_URI: emulator.url,
    DESCOPE_MANAGEMENT_KEY: emulator.managementKey,
    // Node reads it when a process starts.
    ...(caFile !== undefined && { NODE_EXTRA_CA_CERTS: caFile }),
  }
}

/** The output of `--json`, for scripts that start the emulator. */
export function jsonLine({ emulator, caFile }: Started, pid: number): string {
  const { url, inboxUrl, projectId, managementKey } = emulator
  return JSON.stringify({ url, inboxUrl, projectId, managementKey, caFile, pid })
}

/** The output of `start`. */
export function banner(started: Started, version: string, color: boolean): string {
  const { emulator } = started
  const bold = (text: string): string => (color ? `\u001B[1m${text}\u001B[22m` : text)
  const dim = (text: string): string => (color ? `\u001B[2m${text}\u001B[22m` : text)
  const variables = Object.entries(environmentOf(started))
  return [
    `${bold('@linkpass/emulator')} ${version}`,
    '',
    `  api    ${bold(emulator.url)}`,
    `  inbox  ${bold(emulator.inboxUrl)}`,
    '',
    ...variables.map(([name, value]) => `  ${name}=${value}`),
    '',
    dim('The inbox shows every link that your app sends. Ctrl+C stops the emulator.'),
  ].join('\n')
}

export const usage: string = `Usage
  npx @linkpass/emulator                       start on port 4500, or on the next free port
  npx @linkpass/emulator --port 0 --json       start on a free port and print its URL as JSON
  npx @linkpass/emulator exec -- npm test      run a command with the emulator in its environment
  npx @linkpass/emulator check -- node app.js  start an app, sign in, and check that sign-in holds
  npx @linkpass/emulator doctor                examine the environment of an app, and the service

Options
  -p, --port <number>      the port; 0 selects a free one
      --host <address>     the address to listen on (default 127.0.0.1 and ::1)
      --allow-host <name>  a host name to accept besides loopback names; can be repeated
      --allow-origin <o>   an origin whose pages may call it besides loopback ones; can be repeated
      --tls                serve https, with a certificate made at the start
      --ca-file <file>     where its certificate authority is written, for NODE_EXTRA_CA_CERTS
      --seed <file>        a JSON file with tenants, roles and users, and settings
      --project-id <id>    the project id of the default world
      --json               print one line of JSON instead of the text
  -q, --quiet              print no banner, and nothing with exec
  -h, --help               print this text
  -v, --version            print the version

Options of check
      --url <url>          where the app listens (default: found in its output)
      --base <path>        where sign-in is mounted (default: searched for)
      --page <path>        a page for signed-in users alone (default: searched for)
      --timeout <seconds>  for the start of the app and all checks (default 120)
      --junit <file>       write the results as JUnit XML

Options of doctor
      --app-url <url>      the address that browsers use for the app (default: APP_URL)
      --token-file <file>  a session token, to measure its cookie
      --env <file>         read variables from a file
      --timeout <seconds>  for each request (default 10)

Environment
  LINKPASS_EMULATOR_ALLOWED_HOSTS      more hosts and origins to accept, separated by commas
  LINKPASS_EMULATOR_ALLOWED_ORIGINS`
