import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { startBrokenServer, startStub } from '@linkpass/testing'
import { createDescopeClient, type DescopeClient } from '../../src/client.ts'
import { projectId } from '../fixtures.ts'

function requestLink(client: DescopeClient) {
  return client.magicLink.signUpOrIn.email('ada@example.test')
}

/** What a request for a link gets where the response has this body and these headers. */
async function responseOf(
  body: Uint8Array,
  encoding: string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
) {
  await using stub = await startStub(() => ({
    status,
    headers: { 'content-encoding': encoding, ...headers },
    body,
  }))
  await using client = createDescopeClient({ projectId, baseUrl: stub.url })
  return { result: await requestLink(client), seen: stub.seen }
}

function times(count: number, encode: (bytes: Buffer) => Buffer, bytes: Buffer): Buffer {
  return Array.from({ length: count }).reduce<Buffer>(encode, bytes)
}

const text = JSON.stringify({ maskedEmail: `a***@example.test ${'ä'.repeat(3000)}` })
const plain = Buffer.from(text)
const mebibyte = 1024 * 1024
const emptyMember = gzipSync('')
/** 1.2 MB that decode to nothing. */
const manyEmpty = Array.from({ length: 60_000 }, () => emptyMember)

describe('a compressed response', () => {
  it.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    [' gzip ', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['identity', plain],
    ['', plain],
    ['gzip, br', brotliCompressSync(gzipSync(plain))],
    ['br,gzip', gzipSync(brotliCompressSync(plain))],
    ['GZIP ,\tDeflate', deflateSync(gzipSync(plain))],
    ['identity, gzip', gzipSync(plain)],
    ['gzip, Identity', gzipSync(plain)],
    ['identity, identity', plain],
    [', gzip,,', gzipSync(plain)],
    ['gzip, gzip, gzip, gzip, gzip', times(5, gzipSync, plain)],
  ])('with the encoding %j is decoded', async (encoding, body) => {
    const { result, seen } = await responseOf(body, encoding)
    expect(result).toMatchObject({ ok: true, data: JSON.parse(text) })
    expect(seen[0]?.headers['accept-encoding']).toBe('gzip, deflate, br')
  })

  it('with the encoding deflate may lack the header of zlib', async () => {
    const { result } = await responseOf(deflateRawSync(plain), 'deflate')
    expect(result.ok).toBe(true)
  })

  it('in chunks of one byte is decoded', async () => {
    await using server = await startBrokenServer((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n',
      )
      for (const byte of gzipSync(plain)) {
        socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]))
      }
      socket.end('0\r\n\r\n')
    })
    await using client = createDescopeClient({ projectId, baseUrl: server.url })
    expect((await requestLink(client)).ok).toBe(true)
  })

  it('that is an error keeps its code', async () => {
    const body = gzipSync(JSON.stringify({ errorCode: 'E062108' }))
    const { result } = await responseOf(body, 'gzip', { status: 400 })
    expect(result).toMatchObject({ code: 400, error: { errorCode: 'E062108' } })
  })

  it('without a body is empty', async () => {
    const { result } = await responseOf(Buffer.alloc(0), 'gzip', { status: 503 })
    expect(result).toMatchObject({ code: 503, error: { status: 503 } })
  })

  it('with an encoding in each of two headers is decoded', async () => {
    const body = brotliCompressSync(gzipSync(plain))
    await using server = await startBrokenServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-encoding: br\r\n')
      socket.end(Buffer.concat([Buffer.from(`content-length: ${body.length}\r\n\r\n`), body]))
    })
    await using client = createDescopeClient({ projectId, baseUrl: server.url })
    expect((await requestLink(client)).ok).toBe(true)
  })

  it('whose empty body was compressed is empty', async () => {
    const { result } = await responseOf(gzipSync(''), 'deflate, gzip', { status: 503 })
    expect(result).toMatchObject({ code: 503, error: { status: 503 } })
  })

  it.each([
    ['zstd', 'zstd'],
    ['compress', 'compress'],
    ['zstd, gzip', 'zstd'],
  ])('with the encoding %j is refused by its name', async (encoding, name) => {
    const { result } = await responseOf(gzipSync(plain), encoding)
    expect(result.error).toMatchObject({
      code: 'ERR_RESPONSE_INVALID',
      mayHaveBeenProcessed: true,
    })
    expect(result.error?.message).toContain(`"${name}"`)
  })

  it('with more than five encodings is refused', async () => {
    const { result } = await responseOf(times(6, gzipSync, plain), 'gzip,gzip,gzip,gzip,gzip,gzip')
    expect(result.error?.code).toBe('ERR_RESPONSE_INVALID')
    expect(result.error?.message).toContain('more than 5')
  })

  it('with a token for an encoding is refused, and the token is not repeated', async () => {
    const { result } = await responseOf(plain, 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln')
    expect(result.error?.code).toBe('ERR_RESPONSE_INVALID')
    expect(result.error?.message).not.toContain('eyJ')
  })

  it.each([
    ['that is not compressed at all', plain],
    ['that is cut', gzipSync(plain).subarray(0, 40)],
    ['of another encoding', brotliCompressSync(plain)],
  ])('%s is ERR_RESPONSE_INVALID', async (_what, body) => {
    const { result } = await responseOf(body, 'gzip')
    expect(result.error).toMatchObject({ code: 'ERR_RESPONSE_INVALID' })
    expect(result.error?.message).toContain('gzip')
  })
})

describe('a decompression bomb', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('in %s is refused', async (encoding, compress) => {
    const { result } = await responseOf(compress(Buffer.alloc(16 * mebibyte, ' ')), encoding)
    expect(result.error?.code).toBe('ERR_RESPONSE_INVALID')
    expect(result.error?.message).toContain('longer than 1 MiB')
  })

  it.each([
    ['after the first', gzipSync(Buffer.concat([...manyEmpty, gzipSync(plain)]))],
    ['after the second', gzipSync(gzipSync(Buffer.alloc(16 * mebibyte, ' ')))],
  ])('in two encodings that is too long %s is refused', async (_when, body) => {
    const { result } = await responseOf(body, 'gzip, gzip')
    expect(result.error?.message).toContain('longer than 1 MiB')
  })

  it('of 800 MiB takes no memory', async () => {
    const member = gzipSync(Buffer.alloc(mebibyte, ' '))
    const bomb = Buffer.concat(Array.from({ length: 800 }, () => member))
    expect(bomb.length).toBeLessThan(mebibyte)
    const before = process.resourceUsage().maxRSS
    const { result } = await responseOf(bomb, 'gzip')
    expect(result.error?.message).toContain('longer than 1 MiB')
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(64 * 1024)
  })

  it('of just over 1 MiB is refused, and one of 1 MiB is read', async () => {
    const empty = JSON.stringify({ maskedEmail: '' }).length
    const ofLength = (length: number) =>
      gzipSync(JSON.stringify({ maskedEmail: 'x'.repeat(length - empty) }))
    expect((await responseOf(ofLength(mebibyte), 'gzip')).result.ok).toBe(true)
    const { result } = await responseOf(ofLength(mebibyte + 1), 'gzip')
    expect(result.error?.message).toContain('longer than 1 MiB')
  })
})
