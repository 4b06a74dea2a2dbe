import { isIP, isIPv6 } from 'node:net'

/**
 * The part of an IP address that its holder cannot change at will: an IPv4 address, or the /64 that
 * every IPv6 host has to itself (RFC 6177). A port, which some proxies append, and a zone are left out.
 * What is no IP address is returned as it is.
 */
export function senderNetwork(ip: string): string {
  const address = addressIn(ip)
  if (!isIPv6(address)) return address
  const groups = groupsOf(address)
  // IPv4 as a dual-stack server sees it (RFC 4291 section 2.5.5.2).
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return ipv4Of(groups.slice(6))
  return groups.slice(0, 4).join(':')
}

function addressIn(text: string): string {
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
