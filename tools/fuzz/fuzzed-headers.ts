import type { Chance } from './chance.ts'
import { attackText, plantedCanary, plantedHeader } from './attack-text.ts'

/** A request header. */
export type Header = readonly [name: string, value: string]

/** All headers except those of credentials and of the body. */
export function fuzzedHeaders(
  chance: Chance,
  origin: string,
  method: string,
  isValid: boolean,
): Header[] {
  return [
    ...hostHeader(chance, origin, isValid),
    ...siteHeaders(chance, origin, method, isValid),
    ...(isValid ? [['accept', 'text/html'] as const] : oddHeaders(chance)),
  ]
}

function hostHeader(chance: Chance, origin: string, isValid: boolean): Header[] {
  if (isValid || !chance.oneIn(15)) return [['host', origin.slice('http://'.length)]]
  return chance.pick<Header[]>([
    [],
    [['host', plantedCanary]],
    [
      ['host', 'a'],
      ['host', 'b'],
    ],
    [['host', '']],
  ])
}

const sites = [
  'same-origin',
  'none',
  'cross-site',
  'same-site',
  'Same-Origin',
  '',
  'same-origin, none',
]

/** Fetch Metadata and Origin, as a browser sends them or not. */
function siteHeaders(chance: Chance, origin: string, method: string, isValid: boolean): Header[] {
  if (isValid || chance.oneIn(2)) {
    return [
      ['sec-fetch-site', method === 'GET' ? 'none' : 'same-origin'],
      ['sec-fetch-mode', 'navigate'],
      ['sec-fetch-dest', 'document'],
      ...(method === 'POST' ? [['origin', origin] as const] : []),
    ]
  }
  const headers: Header[] = []
  if (chance.oneIn(2)) headers.push(['sec-fetch-site', chance.pick(sites)])
  if (chance.oneIn(2))
    headers.push(['sec-fetch-mode', chance.pick(['navigate', 'cors', 'no-cors', ''])])
  if (chance.oneIn(2))
    headers.push(['sec-fetch-dest', chance.pick(['document', 'image', 'iframe', ''])])
  if (chance.oneIn(3))
    headers.push(['origin', chance.pick([origin, 'null', 'https://evil.test', plantedCanary])])
  if (chance.oneIn(8)) headers.push(['sec-purpose', 'prefetch;prerender'])
  return headers
}

/** Headers that must not be trusted, and some that servers fail on. */
function oddHeaders(chance: Chance): Header[] {
  const headers: Header[] = [
    ['accept', chance.pick(['text/html', 'application/json', '*/*', '', attackText(chance)])],
  ]
  const odd: readonly (() => Header)[] = [
    () => ['x-forwarded-for', `10.${chance.below(256)}.${chance.below(256)}.1`],
    () => [
      'x-forwarded-for',
      chance.pick([`2001:db8::${chance.below(9999)}`, '::1%eth0', '::ffff:1.2.3.4', 'x']),
    ],
    () => ['x-forwarded-host', plantedCanary],
    () => ['x-forwarded-proto', plantedCanary],
    () => ['forwarded', `host=${plantedCanary};proto=https`],
    () => ['referer', `https://${plantedCanary}/`],
    () => [
      'user-agent',
      chance.pick([attackText(chance), 'Mozilla/5.0 (Windows NT 10.0) Chrome/126']),
    ],
    () => ['if-none-match', '*'],
    () => ['x-http-method-override', 'DELETE'],
    () => ['expect', chance.oneIn(8) ? 'something' : '100-continue'],
    // After an upgrade that it does not perform, Node may stop reading the connection.
    () => ['connection', chance.pick(['close', 'close, upgrade', 'keep-alive, authorization'])],
    () => ['upgrade', 'websocket'],
    () => ['range', 'bytes=0-0'],
    () => ['__proto__', plantedCanary],
    () => [
      chance.pick(['accept-language', 'x-a', 'constructor', plantedHeader]),
      attackText(chance),
    ],
  ]
  const count = chance.below(4)
  for (let index = 0; index < count; index += 1) headers.push(chance.pick(odd)())
  if (chance.oneIn(400)) headers.push(['x-huge', 'a'.repeat(20_000)])
  if (chance.oneIn(400))
    for (let index = 0; index < 300; index += 1) headers.push([`x-${index}`, ''])
  return headers
}
