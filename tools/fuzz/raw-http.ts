/**
 * HTTP as bytes, because a client library would refuse to send most of what is sent here, and would
 * read past what must not be in an answer.
 */
import { connect, type Socket } from 'node:net'

/** An answer as it came: header lines in order, names in lower case. */
export interface RawAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** What one request brought. */
export interface Exchange {
  readonly answers: readonly RawAnswer[]
  /** Bytes that belong to no answer; more than none is a split response. */
  readonly stray: string
  readonly ms: number
}

/** How a request is put on the wire. */
export type Framing =
  /** Whole and well framed: one answer, and the connection goes on. */
  | 'whole'
  /** Anything: read until the server closes. */
  | 'wild'
  /** Left in the middle: the sender goes away. */
  | 'cut'

/** Sends requests to one port of this machine, over connections that are kept where they can be. */
export interface Wire {
  send(bytes: Buffer, framing: Framing, isHead: boolean): Promise<Exchange>
  close(): void
}

/** Longer than anything may take; what is not there by then never comes. */
const patienceMs = 30_000

/** Opens none until the first request. */
export function createWire(port: number): Wire {
  const idle: Socket[] = []
  // A server that has said all it will may reset what it no longer reads.
  const open = (): Socket => connect(port, '127.0.0.1').on('error', () => {})

  // Some answers end the connection without saying so.
  function takeIdle(): Socket | undefined {
    const socket = idle.pop()
    return socket === undefined || socket.readable ? socket : takeIdle()
  }

  async function send(bytes: Buffer, framing: Framing, isHead: boolean): Promise<Exchange> {
    const socket = (framing === 'whole' ? takeIdle() : undefined) ?? open()
    const startedAt = performance.now()
    const answers: RawAnswer[] = []
    let received = ''
    let answeredAt = 0
    await new Promise<void>((resolve) => {
      const patience = setTimeout(() => socket.destroy(), patienceMs)
      const onData = (chunk: Buffer): void => {
        received += chunk.toString('latin1')
        for (let next = readAnswer(received, isHead); next; next = readAnswer(received, isHead)) {
          answers.push(next.answer)
          received = next.rest
          answeredAt ||= performance.now()
        }
        if (answers.length === 0) return
        if (framing !== 'whole') socket.end()
        else if (!isClosing(answers)) done()
      }
      const done = (): void => {
        clearTimeout(patience)
        socket.off('data', onData).off('close', done)
        if (framing === 'whole' && !isClosing(answers) && !socket.destroyed) idle.push(socket)
        else socket.destroy()
        resolve()
      }
      socket.on('data', onData).on('close', done)
      socket.write(bytes)
      if (framing === 'cut') socket.end()
    })
    return { answers, stray: received, ms: (answeredAt || performance.now()) - startedAt }
  }

  return {
    send,
    close: () => {
      for (const socket of idle.splice(0)) socket.destroy()
    },
  }
}

function isClosing(answers: readonly RawAnswer[]): boolean {
  const last = answers.at(-1)
  return last === undefined || headerValues(last, 'connection').includes('close')
}

/** The values of one header, in order. */
export function headerValues(answer: RawAnswer, name: string): readonly string[] {
  return answer.headers.filter(([known]) => known === name).map(([, value]) => value)
}

interface Read {
  readonly answer: RawAnswer
  readonly rest: string
}

/** The first whole answer in what was received, as latin-1; undefined while there is none. Pure. */
export function readAnswer(received: string, isHead: boolean): Read | undefined {
  const end = received.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = received.slice(0, Math.max(end, 0)).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(`${statusLine} `)?.[1])
  if (end === -1 || !Number.isInteger(status)) return undefined
  const after = received.slice(end + 4)
  if (status === 100) return readAnswer(after, isHead)
  const headers = lines.map((line) => headerOf(line))
  const answer = { status, headers, body: '' }
  if (isHead || status === 204 || status === 304) return { answer, rest: after }
  if (headerValues(answer, 'transfer-encoding').includes('chunked')) {
    const chunked = readChunks(after)
    return chunked && { answer: { ...answer, body: chunked.body }, rest: chunked.rest }
  }
  const length = Number(headerValues(answer, 'content-length')[0] ?? 0)
  if (after.length < length) return undefined
  return { answer: { ...answer, body: after.slice(0, length) }, rest: after.slice(length) }
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function readChunks(text: string): { body: string; rest: string } | undefined {
  let body = ''
  let at = 0
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const length = Number.parseInt(text.slice(at, lineEnd), 16)
    const next = lineEnd + 2 + length + 2
    if (text.length < next) return undefined
    body += text.slice(lineEnd + 2, next - 2)
    at = next
    if (length === 0) return { body, rest: text.slice(at) }
  }
}
