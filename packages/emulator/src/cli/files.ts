import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Emulator } from '../handle.ts'
import type { EmulatorOptions } from '../options.ts'
import type { CliSettings } from './arguments.ts'
import { StartupError } from './startup-error.ts'

/**
 * The options in a seed file: `tenants`, `roles` and `users`, and under `settings` the settings of the
 * projects. `startEmulator` checks them.
 *
 * @throws {StartupError} the file cannot be read, or is no JSON object
 */
export function readSeedFile(file: string): EmulatorOptions {
  const parsed = parse(file, read(file, '--seed'))
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new StartupError(`--seed: ${file} must be an object with tenants, roles and users.`)
  }
  const { settings = {}, ...seed } = parsed as { settings?: EmulatorOptions }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new StartupError(`--seed: settings of ${file} must be an object.`)
  }
  return { ...settings, seed }
}

/**
 * Writes the certificate to trust, after those that NODE_EXTRA_CA_CERTS has already, since a process
 * reads one file only. Returns the path, or undefined without `--tls`.
 *
 * @throws {StartupError} a file cannot be read or written
 */
export function writeCaFile(
  { caCertificate }: Emulator,
  { caFile }: Pick<CliSettings, 'caFile'>,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (caCertificate === undefined) return undefined
  const file = resolve(caFile ?? join(newFolder(), 'ca.pem'))
  const existing = environment['NODE_EXTRA_CA_CERTS']
  const others =
    existing === undefined || existing === '' || resolve(existing) === file
      ? ''
      : `${read(existing, 'NODE_EXTRA_CA_CERTS').trimEnd()}\n`
  try {
    writeFileSync(file, others + caCertificate)
  } catch (error) {
    throw new StartupError(`--ca-file: ${file} cannot be written: ${reasonOf(error)}.`)
  }
  return file
}

/** A new one: in the shared one another user of the machine could have put a link in its place. */
function newFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'linkpass-emulator-'))
  } catch (error) {
    const reason = `${tmpdir()} cannot be written: ${reasonOf(error)}`
    throw new StartupError(`--tls: ${reason}. Say with --ca-file where the certificate goes.`)
  }
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartupError(`${option}: ${file} cannot be read: ${reasonOf(error)}.`)
  }
}

function parse(file: string, text: string): unknown {
  try {
    // trim() takes off a byte order mark, too, which some editors write.
    return JSON.parse(text.trim())
  } catch (error) {
    throw new StartupError(`--seed: ${file} is not JSON: ${reasonOf(error)}.`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error.message
}
