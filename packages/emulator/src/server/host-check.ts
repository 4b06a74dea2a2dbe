/**
 * Whether the Host of a request is allowed. This prevents DNS rebinding: a page whose own name
 * resolves to loopback still sends that name. Loopback names and IP addresses are allowed, since they
 * cannot be rebound; any other name must be in `allowedHosts`.
 */
export function isAllowedHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  if (isLoopbackName(name)) return true
  if (name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return true
  return allowedHosts.some((allowed) => allowed.toLowerCase() === name)
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/**
 * Whether pages of an origin may call the service: those of loopback hosts, on any port, and those in
 * `allowedOrigins`. Any other page that a developer opens could sign in as any user.
 */
export function isAllowedOrigin(origin: string, allowedOrigins: readonly string[]): boolean {
  if (allowedOrigins.includes(origin)) return true
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false
  const { hostname } = new URL(origin)
  return isLoopbackName(hostname) || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined
  const url = new URL(`http://${host}`)
  return url.pathname === '/' && url.username === '' ? url.hostname : undefined
}

/**
 * Whether a request to the control plane comes from a page of another origin. Programs send neither
 * header; the inbox page has the same origin.
 */
export function isForeignOrigin(
  url: string,
  origin: string | undefined,
  fetchSite: string | undefined,
): boolean {
  if (fetchSite === 'cross-site' || fetchSite === 'same-site') return true
  return origin !== undefined && origin !== new URL(url).origin
}
