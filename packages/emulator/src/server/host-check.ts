/**
 * Whether a request's Host names this emulator, against DNS rebinding: a page that makes its own
 * name point at loopback still sends that name. Pure. Loopback names and literal addresses are
 * fine, since nobody can rebind those; anything else must be in `allowedHosts`.
 */
export function isAllowedHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  if (name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return true
  return allowedHosts.some((allowed) => allowed.toLowerCase() === name)
}

function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined
  const url = new URL(`http://${host}`)
  return url.pathname === '/' && url.username === '' ? url.hostname : undefined
}

/**
 * Whether a request to the control plane comes from somewhere else on the web. Pure. Programs send
 * neither header; the inbox page is of the same origin.
 */
export function isForeignOrigin(
  host: string | undefined,
  origin: string | undefined,
  fetchSite: string | undefined,
): boolean {
  if (fetchSite === 'cross-site' || fetchSite === 'same-site') return true
  return origin !== undefined && origin !== `http://${host}`
}
