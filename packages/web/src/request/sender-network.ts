import { isIP, isIPv6 } from 'node:net'

/**
 * The part of an IP address that its holder cannot change at will: an IPv4 address, or the /64 that every
 * IPv6 host has to itself (RFC 6177). A port, which some proxies append, and a zone are left out. Of a list,
 * as `X-Forwarded-For` has, it is the last that is not empty: a client can send the others. What is no IP
 * address is returned as it is.
 */
export function senderNetwork(ip: string): string {
  const address = addressIn(ip)
  if (!isIPv6(address)) return address
  const groups = groupsOf(address)
  // IPv4 as a dual-stack server sees it (RFC 4291 section 2.5.5.2), or one behind NAT64 (RFC 6052).
  if (ipv4Prefixes.has(groups.slice(0, 6).join(':'))) return ipv4Of(groups.slice(6))
  // Every IPv4 address has 65,536 networks by 6to4 (RFC 3056).
  if (groups[0] === '2002') return ipv4Of(groups.slice(1, 3))
  return groups.slice(0, 4).join(':')
}

const ipv4Prefixes: ReadonlySet<string> = new Set(['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'])

function addressIn(given: string): string {
  const entries = given.split(',').map((entry) => entry.replaceAll(/[ "]/g, ''))
  const text = entries.findLast((entry) => entry !== '') ?? ''
  const bracketed = /^\[([^\]]*)\]/.exec(text)?.[1]
  const address = bracketed ?? (isIP(text) === 0 ? text.replace(/:\w*$/, '') : text)
  return address.replace(/%.*$/, '')
}

/** The eight groups, as the URL parser writes them: in lower case, without leading zeros. */
function groupsOf(address: string): string[] {
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [left = [], right = []] = written.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right]
}

function ipv4Of(groups: readonly string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((bytes) => [bytes >> 8, bytes & 255])
    .join('.')
}
