import type { Auth } from '@linkpass/express'
import type { Express, Response } from 'express'
import type { OutgoingHttpHeader } from 'node:http'
import { describe, expect, test } from 'vitest'
import { expressVersions, startExpressApp } from './express-adapter.ts'

const names = { 'Set-Cookie': 'a=1', 'cache-control': 'public, max-age=60', Link: ['</a>', '</b>'] }
const flat = Object.entries(names).flat(1)
const repeated = ['set-cookie', 'a=1', 'Cache-Control', 'public', 'Link', '</a>', 'link', '</b>']
const pairs = Object.entries(names)

describe.each(expressVersions)('a cookie of a handler behind a guard, on Express %i', (version) => {
  test.each<[string, (res: Response) => unknown]>([
    ['setHeader', (res) => res.setHeader('Set-Cookie', ['a=1', 'b=2'])],
    ['res.set', (res) => res.set('Set-Cookie', ['a=1', 'b=2'])],
    [
      'setHeaders',
      (res) => res.setHeaders(new Map<string, string[]>([['set-cookie', ['a=1', 'b=2']]])),
    ],
    ['a cookie after removeHeader', removeAndSet],
  ])('sign-out: by %s takes the place of no refreshed cookie, with rotation', async (_, setOwn) => {
    const expressRoutes = (app: Express, auth: Auth): void => {
      app.get('/own', auth.requireSession(), (_req, res) => {
        setOwn(res)
        res.end('own')
      })
    }
    const emulator = { rotateRefreshTokens: true, rotationGraceSeconds: 0 }
    await using app = await startExpressApp({ version, expressRoutes, emulator })
    const browser = app.browser()
    await app.signIn(browser)
    for (let times = 0; times < 3; times += 1) {
      app.emulator.clock.advance(11 * 60_000)
      const { status, headers } = await browser.visit('/own')
      expect(status).toBe(200)
      expect(headers['set-cookie']).toHaveLength(4)
    }
    expect([browser.cookie('a'), browser.cookie('b')]).toEqual(['1', '2'])
  })

  test('clears the session, if it is one of the same name', async () => {
    const expressRoutes = (app: Express, auth: Auth): void => {
      app.get('/own', auth.requireSession(), (_req, res) => {
        res.setHeader('Set-Cookie', `${auth.cookieNames.refresh}=; Path=/; Max-Age=0`)
        res.end('own')
      })
    }
    await using app = await startExpressApp({ version, expressRoutes })
    const browser = app.browser()
    await app.signIn(browser)
    app.emulator.clock.advance(11 * 60_000)
    await browser.visit('/own')
    expect(browser.cookieNames).not.toContain(app.cookieNames.refresh)
  })
})

function removeAndSet(res: Response): void {
  res.removeHeader('Set-Cookie')
  res.append('Set-Cookie', 'a=1')
  res.append('Set-Cookie', 'b=2')
}

describe.each(expressVersions)('writeHead behind a guard, on Express %i', (version) => {
  test.each<[string, (res: Response) => unknown]>([
    ['an object', (res) => res.writeHead(200, names)],
    ['an object and a message', (res) => res.writeHead(200, 'Fine', names)],
    ['an object without a message', (res) => res.writeHead(200, undefined, names)],
    ['names and values in turn', (res) => res.writeHead(200, flat)],
    ['a name twice', (res) => res.writeHead(200, repeated)],
    ['pairs', (res) => res.writeHead(200, pairs as unknown as OutgoingHttpHeader[])],
  ])(
    'leak: with %s makes no refreshed cookie public, and replaces none',
    async (what, writeHead) => {
      const expressRoutes = (app: Express, auth: Auth): void => {
        app.get('/own', auth.requireSession(), (_req, res) => {
          res.setHeader('Link', '</replaced>')
          writeHead(res)
          res.end('own')
        })
      }
      await using app = await startExpressApp({ version, expressRoutes })
      const browser = app.browser()
      await app.signIn(browser)
      app.emulator.clock.advance(11 * 60_000)
      const { status, headers, body } = await browser.visit('/own')
      expect([status, body]).toEqual([200, 'own'])
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['set-cookie']).toHaveLength(3)
      expect(headers['set-cookie']?.at(-1)).toBe('a=1')
      expect([headers['link']].flat(), what).toEqual(['</a>', '</b>'])
    },
  )
})
