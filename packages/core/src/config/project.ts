import { checkOption } from './option-checks.ts'

/** The address of the service: `baseUrl` without a trailing slash, or the default for the project. */
export function baseUrlOf(
  options: { baseUrl?: unknown; dangerouslyAllowHttp?: boolean | undefined },
  projectId: string,
): string {
  const { baseUrl: given, dangerouslyAllowHttp: allowHttp = false } = options
  checkOption(typeof allowHttp === 'boolean', 'dangerouslyAllowHttp must be true or false.')
  if (given === undefined || given === '') return defaultBaseUrl(projectId)
  checkOption(
    typeof given === 'string' && URL.canParse(given),
    'baseUrl must be an absolute URL, such as "https://auth.example.com".',
  )
  const url = new URL(given)
  const { protocol, hostname, username, password, search, hash } = url
  checkOption(
    protocol === 'https:' || protocol === 'http:',
    'baseUrl must start with https:// (or http:// for loopback).',
  )
  checkOption(
    !(username || password || search || hash),
    'baseUrl must not have a user name, password, query or fragment.',
  )
  checkOption(
    protocol === 'https:' || isLoopback(hostname) || allowHttp,
    'baseUrl is plain http to another machine, so tokens would be sent unencrypted: use https, or set dangerouslyAllowHttp for an emulator in another container.',
  )
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

/** @param hostname as in a `URL`: lower case, and an IPv6 address in brackets */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]')
    return true
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}

/**
 * The service's address for a project: ids of at least 32 characters contain their region in
 * characters 2 to 5 (the rule of the service's Go and Python SDKs; shorter ids have none).
 */
function defaultBaseUrl(projectId: string): string {
  if (projectId.length < 32) return 'https://api.descope.com'
  return `https://api.${projectId.slice(1, 5)}.descope.com`
}
