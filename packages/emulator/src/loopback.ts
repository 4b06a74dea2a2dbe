import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Whether the host name of a URL means this machine. */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]')
    return true
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}

/**
 * Looks a host name up for a connection. That of this machine is both loopback addresses (RFC 6761), also
 * where the hosts file has one of them: a server may listen on the other alone.
 */
export const lookupHost: LookupFunction = (hostname, options, callback) => {
  if (!options.all || !isLoopback(hostname)) lookup(hostname, options, callback)
  else callback(null, loopbackAddresses)
}

const loopbackAddresses = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]
