import type { Auth } from '@linkpass/express'
import type { Express, Response } from 'express'
import type { OutgoingHttpHeader } from 'node:http'
import { describe, expect, test } from 'vitest'
import { expressVersions, startExpressApp } from './express-adapter.ts'

const names = { 'Set-Cookie': 'a=1', 'cache-control': 'public, max-age=60', Link: ['</a>', '</b>'] }
const flat = Object.entries(names).flat(1)
const repeated = ['set-cookie', 'a=1', 'Cache-Control', 'public', 'Link', '</a>', 'link', '</b>']
const pairs = Object.entries(names)

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
