import type { Chance } from './chance.ts'

/** What must not appear in a response: as a header, as markup, or as the value of a request header. */
export const plantedHeader = 'x-planted'
export const plantedMarkup = '<planted'
export const plantedCanary = 'canary-of-the-sender'

const texts: readonly string[] = [
  ...['', '0', '-1', '1e999', 'NaN', 'null', 'true', 'undefined', '[object Object]'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'],
  ...[`\r\n${plantedHeader}: 1`, `%0d%0a${plantedHeader}:%201`, `\u010d\u010a${plantedHeader}: 1`],
  ...[`"><planted x="`, `'><planted>`, `</title><planted>`, '&lt;planted&gt;', '<!--', ']]>'],
  ...[
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    '/.//evil.test',
    '/..//evil.test',
    '\\\\evil.test',
  ],
  ...[
    '/%2e//evil.test',
    '/a/..//evil.test',
    'https://evil.test',
    'https:evil.test',
    '///evil.test',
  ],
  ...['javascript:alert(1)', 'data:text/html,x', 'http://127.0.0.1@evil.test', '/%09/evil.test'],
  ...['%', '%%', '%zz', '%E0%A4%A', '%00', '%2e%2e', '%252e', '%c0%ae', '..', '../..', '..;/', '.'],
  ...[
    '\u0000',
    '\u0001',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\ud800',
    'é',
    '💩',
    'ſ',
    'İ',
  ],
  ...[
    'a,b',
    'a;b',
    'a=b',
    'a&b',
    'a+b',
    '"a"',
    'j:{"a":1}',
    's:a.b',
    '${7*7}',
    '{{7*7}}',
    '%n%s%x',
  ],
  ...['a.b.c', '..', '...', 'e30.e30.e30', 'eyJhbGciOiJub25lIn0.e30.', 'eyJhbGciOiJkaXIifQ..a.b.c'],
  ...[
    'a'.repeat(5000),
    '('.repeat(2000),
    '{"a":'.repeat(500),
    '%41'.repeat(1500),
    ' '.repeat(3000),
  ],
  ...[
    'ada@made-up.test',
    'ada@made-up.test,eve@evil.test',
    'ada@made-up.test\r\nbcc: eve@evil.test',
  ],
  ...[
    '+15550100',
    '15550100',
    '+',
    '@',
    'a@',
    '@b',
    '"a b"@made-up.test',
    'a@b@c',
    'a@[127.0.0.1]',
  ],
]

/** Text as attackers send it. */
export function attackText(chance: Chance): string {
  if (chance.oneIn(3)) return randomText(chance)
  const text = chance.pick(texts)
  return chance.oneIn(4) ? text + chance.pick(texts) : text
}

/** Up to 40 characters of any kind. */
function randomText(chance: Chance): string {
  const end = chance.pick([0x7f, 0xff, 0x2030, 0x10_ff_ff])
  const points = Array.from({ length: chance.below(41) }, () => chance.below(end + 1))
  return String.fromCodePoint(...points)
}

const inserts = [
  '.',
  '=',
  '-',
  '_',
  ' ',
  '\t',
  '\u00a0',
  '\u0000',
  '%',
  '"',
  'A',
  'é',
  '/',
  '+',
  ',',
  ';',
]

/** A valid token after a change: the result is never the token itself. */
export function corrupted(chance: Chance, token: string): string {
  const cut = chance.below(token.length + 1)
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = Buffer.from(payload, 'base64url').toString('latin1')
  const encode = (text: string): string => Buffer.from(text, 'latin1').toString('base64url')
  const changed = chance.pick([
    () => token.slice(0, cut),
    () => token.slice(0, cut) + chance.pick(inserts) + token.slice(cut),
    () => token.slice(0, cut) + chance.pick('ABxyz019-_.'.split('')) + token.slice(cut + 1),
    () => token + chance.pick(inserts),
    () => chance.pick(inserts) + token,
    () => token.slice(0, -1) + chance.pick('ABCDQRSgwxyz0489'.split('')),
    () => `${token}.${token}`,
    () => `"${token}"`,
    () => encodeURIComponent(token).replaceAll('.', '%2E'),
    () => token.toUpperCase(),
    () => `${encode('{"alg":"none"}')}.${payload}.`,
    () => `${encode('{"alg":"HS256","typ":"JWT"}')}.${payload}.${signature}`,
    () => `${encode('{"alg":"RS256","kid":"unknown","typ":"JWT"}')}.${payload}.${signature}`,
    () => `${header}.${encode(claims.replace(/"sub":"[^"]*"/, '"sub":"admin"'))}.${signature}`,
    () => `${header}.${encode(claims.replace(/"exp":\d+/, '"exp":1e999'))}.${signature}`,
    () => `${header}.${encode(claims.replace('"drn":"DSR"', '"drn":"DS"'))}.${signature}`,
    () => `${header}.${payload}.${'A'.repeat(signature.length)}`,
    () => attackText(chance),
  ])()
  return changed === token ? `${token}A` : changed
}

/** Text as in a query; a lone surrogate becomes the replacement character. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}
