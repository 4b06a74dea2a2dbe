import { isIPv6 } from 'node:net'

// An IPv4 address as IPv6 has it (RFC 4291 section 2.5.5.2): what a dual-stack server sees.
const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * The part of an IP address that its holder cannot change at will: an IPv4 address, or the /64 that
 * every IPv6 host has to itself (RFC 6177). Anything else is returned as it is.
 */
export function senderNetwork(ip: string): string {
  const ipv4 = mapped.exec(ip)?.[1]
  if (ipv4 !== undefined) return ipv4
  if (!isIPv6(ip)) return ip
  const [head = '', tail = ''] = ip.split('::')
  const [left, right] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

function groupsOf(half: string): string[] {
  return half === '' ? [] : half.split(':')
}
