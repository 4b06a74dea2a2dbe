import { expect, test } from 'vitest'
import { senderNetwork } from '../../src/request/sender-network.ts'

test.each([
  ['an IPv4 address', '192.0.2.7', '192.0.2.7'],
  ['one as IPv6 has it', '::ffff:192.0.2.7', '192.0.2.7'],
  ['an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['one with zeros left out at the end', '2001:db8::', '2001:db8:0:0'],
  ['one with zeros left out in front', '::1', '0:0:0:0'],
  ['one with zeros left out in between', '2001:0DB8:1::5:6:7:8', '2001:db8:1:0'],
  ['one with a single zero left out', '::2:3:4:5:6:7:8', '0:2:3:4'],
  ['one with an interface', 'fe80::1%eth0', 'fe80:0:0:0'],
  ['nothing', '', ''],
  ['what a proxy made up', 'unknown', 'unknown'],
])('the network of %s', (_, ip, network) => {
  expect(senderNetwork(ip)).toBe(network)
})
