import type { Chance } from './chance.ts'
import type { Header } from './fuzzed-headers.ts'
import type { Framing } from './raw-http.ts'

/** A request as bytes: complete, malformed, or cut off. */
export function requestBytes(
  chance: Chance,
  [method, target]: readonly [method: string, target: string],
  headers: readonly Header[],
  body: string | undefined,
  framing: Framing,
): Buffer {
  // Node refuses control characters, so most requests with one would test Node alone.
  const isPrintable = framing === 'complete' && !chance.oneIn(8)
  const inLine = (text: string): string => {
    if (framing !== 'complete') return text
    return text.replace(isPrintable ? /(?!\t)\p{Cc}/gu : /[\r\n]/g, '?')
  }
  const sentTarget = isPrintable ? target.replace(/[^!-~]/g, '~') : target
  const bytes = Buffer.concat([
    asBytes(`${method} ${inLine(sentTarget)} HTTP/1.1\r\n`),
    ...headers.map(([name, value]) => asBytes(`${name}: ${inLine(value)}\r\n`)),
    Buffer.from(`\r\n${body ?? ''}`),
  ])
  if (framing === 'complete') return bytes
  if (framing === 'cut') return bytes.subarray(0, chance.below(bytes.length))
  return corruptedBytes(chance, bytes)
}

/** What no client sends: bytes changed, repeated or inserted; lines that contradict each other. */
function corruptedBytes(chance: Chance, bytes: Buffer): Buffer {
  const at = chance.below(bytes.length + 1)
  const lineEnd = bytes.indexOf('\r\n') + 2
  const insert = (where: number, text: string): Buffer =>
    Buffer.concat([bytes.subarray(0, where), Buffer.from(text, 'latin1'), bytes.subarray(where)])
  return chance.pick([
    () => insert(at, String.fromCharCode(chance.below(256))),
    () => insert(at, '\r\n\r\n'),
    () => insert(lineEnd, 'Content-Length: 0\r\nContent-Length: 5\r\n'),
    () => insert(lineEnd, 'Transfer-Encoding: chunked\r\n'),
    () => insert(lineEnd, 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n'),
    () => insert(lineEnd, ' folded: header\r\n'),
    () => insert(lineEnd, 'no colon\r\n'),
    () => insert(lineEnd, ': no name\r\n'),
    () => insert(0, '\r\n\u0016\u0003\u0001'),
    () => insert(bytes.length, 'GET /me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
    () => Buffer.from(bytes.toString('latin1').replace('HTTP/1.1', 'HTTP/9.9'), 'latin1'),
    () => Buffer.from(bytes.toString('latin1').replace('HTTP/1.1', 'HTTP/1.0'), 'latin1'),
    () => Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    () => Buffer.from(bytes.map((byte) => (chance.oneIn(40) ? chance.below(256) : byte))),
    () => bytes.subarray(lineEnd),
  ])()
}

// Node reads headers as latin-1; other text is sent as UTF-8.
function asBytes(text: string): Buffer {
  const isLatin1 = text.split('').every((unit) => unit <= '\u00ff')
  return Buffer.from(text, isLatin1 ? 'latin1' : 'utf8')
}
