import { type IncomingMessage, type Server, createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import type { DescopeClient } from '@linkpass/core'
import { createAuth } from '@linkpass/express'
import express from 'express'
import { WebSocketServer } from 'ws'
import { page } from './page.ts'

/** A WebSocket for signed-in users, which is closed once the session has ended. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Server {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const app = express()
  app.use('/auth', auth.router())
  app.get('/', auth.requireSession(), (_req, res) => void res.send(page))

  const server = createServer(app)
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (req, socket, head) => void open(req, socket, head))

  async function open(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const upgrade = await auth.identifyUpgrade(req)
    if (!upgrade.ok) return upgrade.refuse(socket)
    sockets.handleUpgrade(req, socket, head, (webSocket) => {
      webSocket.send(`hello, ${upgrade.session.userId}`)
      auth.sessionEnded(req).addEventListener('abort', () => webSocket.close(4401))
    })
    return undefined
  }

  return server
}
