import type { Config } from '../options.ts'
import { version } from './version.ts'

/**
 * The headers of a request (from the docs): the bearer is the project id, then the token that the
 * call is made with, then the authentication management key, joined by colons. The SDK name is our
 * own.
 */
export function requestHeaders(
  config: Pick<Config, 'projectId' | 'authManagementKey'>,
  token: string | undefined,
  hasBody: boolean,
): Record<string, string> {
  const { projectId, authManagementKey } = config
  let bearer = `Bearer ${projectId}`
  if (token !== undefined) bearer += `:${token}`
  if (authManagementKey !== undefined) bearer += `:${authManagementKey}`
  const headers: Record<string, string> = {
    authorization: bearer,
    accept: 'application/json',
    'user-agent': `linkpass/${version}`,
    'x-descope-project-id': projectId,
    'x-descope-sdk-name': 'linkpass',
    'x-descope-sdk-version': version,
  }
  if (hasBody) headers['content-type'] = 'application/json'
  return headers
}
