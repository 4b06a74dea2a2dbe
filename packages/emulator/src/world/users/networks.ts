import { BlockList, isIP } from 'node:net'

/** Whether the value is an IP address, or a network such as `10.0.0.0/8`. */
export function isNetwork(value: string): boolean {
  return parse(value) !== undefined
}

/** Whether an IP address is one of the addresses, or in one of the networks. */
export function isInNetworks(ip: string, networks: readonly string[]): boolean {
  const list = new BlockList()
  for (const network of networks) {
    const parsed = parse(network)
    if (parsed !== undefined) list.addSubnet(parsed.address, parsed.bits, parsed.family)
  }
  return list.check(ip, familyOf(ip))
}

function parse(
  value: string,
): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', given] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? []
  const family = familyOf(address)
  const most = family === 'ipv6' ? 128 : 32
  const bits = Number(given ?? most)
  return isIP(address) === 0 || bits > most ? undefined : { address, bits, family }
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 6 ? 'ipv6' : 'ipv4'
}
