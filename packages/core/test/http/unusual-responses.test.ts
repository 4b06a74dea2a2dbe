import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makeKey, startBrokenServer, startStub } from '@linkpass/testing'
import { createDescopeClient } from '../../src/client.ts'
import { projectId, refreshJwt } from '../fixtures.ts'

const byteOrderMark = '\ufeff'
const json = '{"maskedEmail":"a***@example.test"}'

/** A request for a link, to a server that has these bytes as its response. */
async function responseOf(...parts: readonly string[]) {
  await using server = await startBrokenServer((socket) => socket.end(parts.join('')))
  await using client = createDescopeClient({ projectId, baseUrl: server.url })
  return await client.magicLink.signUpOrIn.email('ada@example.test')
}

describe('a byte order mark (RFC 8259 section 8.1)', () => {
  it.each([
    ['is ignored', {}, byteOrderMark + json],
    [
      'in a compressed body is ignored',
      { 'content-encoding': 'gzip' },
      gzipSync(byteOrderMark + json),
    ],
  ])('before the JSON %s', async (_what, headers, body) => {
    await using stub = await startStub(() => ({ headers, body }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    const result = await client.magicLink.signUpOrIn.email('ada@example.test')
    expect(result).toMatchObject({ ok: true, data: JSON.parse(json) })
  })

  it('before the JSON of an error is ignored', async () => {
    const body = `${byteOrderMark}{"errorCode":"E062108"}`
    await using stub = await startStub(() => ({ status: 400, body }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    const result = await client.magicLink.verify('abc')
    expect(result).toMatchObject({ code: 400, error: { errorCode: 'E062108' } })
  })

  it('before the key set is ignored', async () => {
    const body = byteOrderMark + JSON.stringify({ keys: [makeKey('K1', 'ES256').jwk] })
    await using stub = await startStub(() => ({ body }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    await client.warmUp()
    expect((await client.health()).keys.usable).toBe(true)
  })

  it('before the publicKey option, as an editor may write it into a file, is ignored', async () => {
    const publicKey = byteOrderMark + JSON.stringify(makeKey('K1', 'ES256').jwk)
    await using client = createDescopeClient({ projectId, publicKey })
    expect((await client.health()).keys.usable).toBe(true)
  })

  it.each(['\r\n', byteOrderMark])('alone, or white space, is an empty body', async (body) => {
    await using stub = await startStub(() => ({ body }))
    await using client = createDescopeClient({ projectId, baseUrl: stub.url })
    expect((await client.logout(refreshJwt)).ok).toBe(true)
  })
})

describe('an informational response (RFC 9110 section 15.2)', () => {
  const final = `HTTP/1.1 200 OK\r\ncontent-length: ${json.length}\r\n\r\n${json}`

  it.each(['102 Processing', '103 Early Hints', '199 Other'])(
    '%s is not taken for the final one',
    async (status) => {
      const header = 'content-encoding: gzip\r\nset-cookie: DS=a.b.c\r\n'
      const informational = `HTTP/1.1 ${status}\r\n${header}\r\n`
      const result = await responseOf(informational, informational, final)
      expect(result).toEqual({ ok: true, code: 200, data: JSON.parse(json) })
    },
  )

  it('100 Continue, at which undici closes the connection, is ERR_NETWORK', async () => {
    const { error } = await responseOf('HTTP/1.1 100 Continue\r\n\r\n', final)
    expect(error).toMatchObject({ code: 'ERR_NETWORK', mayHaveBeenProcessed: true })
    expect(error?.message).toContain('UND_ERR_SOCKET')
  })
})
