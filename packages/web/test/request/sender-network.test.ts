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
  ['an IPv4 address with a port', '203.0.113.9:4711', '203.0.113.9'],
  ['one in brackets', '[203.0.113.9]:4711', '203.0.113.9'],
  ['one as IPv6 has it, with a port', '::ffff:203.0.113.9:4711', '203.0.113.9'],
  ['one as IPv6 has it, in brackets', '[::FFFF:203.0.113.9]:4711', '203.0.113.9'],
  ['one as IPv6 has it, in hexadecimal', '::ffff:cb00:7109', '203.0.113.9'],
  ['one as IPv6 has it, in full', '0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
  ['an IPv6 address with a port', '[2001:db8::9]:4711', '2001:db8:0:0'],
  ['one in brackets alone', '[2001:db8::9]', '2001:db8:0:0'],
  ['one with a port and a zone', '[fe80::1%eth0]:4711', 'fe80:0:0:0'],
  ['one with a port and no brackets', '2001:db8::9:4711', '2001:db8:0:0'],
  ['one that ends in an IPv4 address', '64:ff9b:1:2:3:4:192.0.2.7', '64:ff9b:1:2'],
  ['an IPv4 address behind NAT64', '64:ff9b::192.0.2.7', '192.0.2.7'],
  ['one behind NAT64, in hexadecimal and with a port', '[64:FF9B::c000:207]:4711', '192.0.2.7'],
  ['an IPv4 address by 6to4', '2002:c000:207:1::1', '192.0.2.7'],
  ['another network of it', '2002:c000:207:ffff:1:2:3:4', '192.0.2.7'],
  ['a name with a port', '_hidden:4711', '_hidden'],
  ['one in quotation marks, as Forwarded has it', '"[2001:db8::9]:4711"', '2001:db8:0:0'],
  ['an IPv4 address in quotation marks', '"203.0.113.9:4711"', '203.0.113.9'],
  ['one with spaces around it', ' 203.0.113.9 ', '203.0.113.9'],
  [
    'a whole X-Forwarded-For: the last, since a client can send the others',
    '192.0.2.7, 203.0.113.9:1',
    '203.0.113.9',
  ],
  ['a list that ends in IPv6', '1.1.1.1,[2001:db8::9]:4711', '2001:db8:0:0'],
  ['a list with a comma at its end', '1.1.1.1, 203.0.113.9, ', '203.0.113.9'],
  ['a list of nothing', ' ,', ''],
  ['nothing', '', ''],
  ['what a proxy made up', 'unknown', 'unknown'],
])('the network of %s', (_, ip, network) => {
  expect(senderNetwork(ip)).toBe(network)
})

test('T-79: a header of 50,000 spaces takes no time', () => {
  const since = performance.now()
  senderNetwork(`a${' '.repeat(50_000)}b`)
  expect(performance.now() - since).toBeLessThan(1000)
})
