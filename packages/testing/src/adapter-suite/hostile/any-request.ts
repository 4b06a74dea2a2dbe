/**
 * Random requests never get an error of the app. `FUZZ_RUNS` sets their number, and a failure prints
 * the seed that reproduces it.
 */
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestAdapter, TestCookieNames } from '../adapter.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 300)

const allowed = new Set([
  ...[200, 202, 204, 303],
  ...[400, 401, 403, 404, 405, 409, 410, 413, 415, 429, 431],
])

// What an HTTP client can send: one line of latin-1 without control characters.
const headerValue = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCodePoint(code)) })
  .map((text) => text.replace(/[\u007f-\u009f]/g, '').trim())

const segment = fc.oneof(
  fc.constantFrom('verify', 'sign-in', 'magic-link', 'enchanted-link', 'status', 'complete'),
  fc.constantFrom('logout', 'logout-all', 'refresh', 'email', 'phone', 'step-up', 'session'),
  fc.constantFrom('__proto__', 'constructor', '..', '%2e%2e', '%00', 'a'.repeat(22), ':segment'),
  fc.string().map(encodeURIComponent),
)
const query = fc.oneof(
  fc.constant(''),
  fc.string().map((text) => `?t=${encodeURIComponent(text)}`),
  fc.string({ unit: 'grapheme-ascii' }).map((text) => `?${text.replace(/[^!-~]|#/g, '')}`),
  fc.constantFrom('?t=abc', '?t=a&t=b', '?t[__proto__]=x', '?returnTo=//evil.example', '?%'),
)

const name = fc.constantFrom('loginId', 'method', 'returnTo', 't', 'state', '__proto__', 'email')
const field = fc.tuple(fc.oneof(name, fc.string()), fc.oneof(fc.string(), fc.jsonValue()))
const body = fc.oneof(
  fc.constant(undefined),
  fc.string(),
  fc.array(field).map((fields) => JSON.stringify(Object.fromEntries(fields))),
  fc.array(fc.tuple(name, fc.string())).map((fields) => new URLSearchParams(fields).toString()),
)

const request = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST'),
  path: fc.tuple(fc.array(segment, { maxLength: 4 }), query),
  body,
  type: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', 'x'),
  accept: fc.constantFrom('text/html', '*/*', 'application/json', ''),
  authorization: fc.oneof(
    fc.constant(undefined),
    headerValue,
    headerValue.map((t) => `Bearer ${t}`),
  ),
})

function cookies({ session, refresh, attempt, pending }: TestCookieNames): fc.Arbitrary<string> {
  const sealed = `${pending}=eyJhbGciOiJkaXIi..a.b.c`
  return fc.oneof(
    headerValue,
    headerValue.map((text) => `${session}=${text}; ${refresh}=${text}; ${attempt}=${text}`),
    fc.constantFrom(`${session}=a.b.c`, `${session}=x; ${session}=y`, sealed, ''),
  )
}

/** Random requests. */
export function anyRequestCases(adapter: TestAdapter): void {
  describe(`random requests, on ${adapter.name}`, () => {
    const rejections: unknown[] = []
    const note = (what: unknown): unknown => rejections.push(what)

    beforeEach(() => {
      rejections.length = 0
      process.on('unhandledRejection', note)
    })
    afterEach(() => {
      process.off('unhandledRejection', note)
    })

    test('any request gets a documented status, and changes no prototype', async () => {
      await using app = await adapter.start({ methods: ['email', 'sms', 'enchanted'] })
      // So that the status of an attempt that does not exist is no long poll.
      app.endLongPolls()
      await fc.assert(
        fc.asyncProperty(
          request,
          cookies(app.cookieNames),
          async ({ method, path, body, type, accept, authorization }, cookie) => {
            const [segments, search] = path
            const response = await app.browser().visit(['/auth', ...segments].join('/') + search, {
              method,
              ...(method === 'POST' && body !== undefined && { body }),
              headers: {
                'content-type': type,
                ...(accept && { accept }),
                ...(cookie && { cookie }),
                ...(authorization !== undefined && { authorization }),
              },
            })
            expect(allowed, `${method} got ${response.status}`).toContain(response.status)
            for (const line of [response.headers['set-cookie'] ?? []].flat()) {
              expect(line).toMatch(/^[\w-]+=[\w.-]*; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
            }
            if (response.location !== undefined) expect(response.location).toMatch(/^\/(?!\/)/)
          },
        ),
        { numRuns: runs, endOnFailure: true },
      )
      expect(Object.keys(Object.prototype)).toEqual([])
      expect(rejections).toEqual([])
    }, 600_000)
  })
}
