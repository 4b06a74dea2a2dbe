import { defaultBaseUrl } from './project-id.ts'

/**
 * Where the service answers: `baseUrl` without a slash at its end, or the address for the project.
 *
 * @throws {TypeError} it cannot be right; the message names the option and the cure
 */
export function baseUrlOf(
  options: { baseUrl?: unknown; dangerouslyAllowHttp?: boolean | undefined },
  projectId: string,
): string {
  const given = options.baseUrl
  if (given === undefined || given === '') return defaultBaseUrl(projectId)
  if (typeof given !== 'string' || !URL.canParse(given)) {
    throw new TypeError('baseUrl must be an absolute URL, such as "https://auth.example.com".')
  }
  const url = new URL(given)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError('baseUrl must start with https:// (or http:// for loopback).')
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError('baseUrl must hold no user name, password, query or fragment.')
  }
  if (
    url.protocol === 'http:' &&
    !isLoopback(url.hostname) &&
    options.dangerouslyAllowHttp !== true
  ) {
    throw new TypeError(
      'baseUrl is plain http beyond loopback, where tokens travel readable: use https, or set dangerouslyAllowHttp for an emulator in another container.',
    )
  }
  return given.endsWith('/') ? given.slice(0, -1) : given
}

/** Whether a URL's host name means this machine. */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]')
    return true
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}
