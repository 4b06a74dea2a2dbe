import { checkOption } from './config/option-checks.ts'
import type { ClientOptions } from './options.ts'

/**
 * Client options from the environment: `DESCOPE_PROJECT_ID`, and if set `DESCOPE_BASE_URL`,
 * `DESCOPE_AUTH_MANAGEMENT_KEY` and `DESCOPE_PUBLIC_KEY`. Nothing else in the library reads it.
 *
 * Spaces and line breaks around a value are left out.
 *
 * @param environment the variables; `process.env` by default
 * @throws {TypeError} `DESCOPE_PROJECT_ID` is not set
 */
export function clientOptionsFromEnv(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ClientOptions {
  // A file of secrets often ends in a line break.
  const read = (name: string): string => environment[name]?.trim() ?? ''
  const projectId = read('DESCOPE_PROJECT_ID')
  checkOption(
    projectId !== '',
    'DESCOPE_PROJECT_ID is not set. Set it to the id of your project, from the console; or run `npx @linkpass/emulator exec -- <command>`, which sets it.',
  )
  return {
    projectId,
    baseUrl: read('DESCOPE_BASE_URL') || undefined,
    authManagementKey: read('DESCOPE_AUTH_MANAGEMENT_KEY') || undefined,
    publicKey: read('DESCOPE_PUBLIC_KEY') || undefined,
  }
}
