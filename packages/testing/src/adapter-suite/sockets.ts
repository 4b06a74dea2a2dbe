/** The WebSockets of the test apps: their server, and a client. */
import type { IncomingMessage, Server } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { WebSocket, WebSocketServer } from 'ws'
import type { TestSocket, TestUpgrade } from './adapter.ts'

/** Lets an adapter decide on each socket. */
export function serveSockets(
  server: Server,
  upgrade: (request: IncomingMessage) => Promise<TestUpgrade>,
): void {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    void upgrade(request).then((decision) => {
      if ('refuse' in decision) return decision.refuse(socket)
      sockets.handleUpgrade(request, socket, head, (opened) => {
        opened.send(decision.session.userId)
        decision.ended().addEventListener('abort', () => opened.close(4401))
      })
      return undefined
    })
  })
}

/** Opens a WebSocket, as a browser does whose page has this `Origin`. */
export function openSocket(
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<TestSocket> {
  const socket = new WebSocket(address.replace('http', 'ws'), { headers })
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const end = { closed, [Symbol.dispose]: () => socket.terminate() }
  return new Promise((resolve, reject) => {
    socket.once('message', (data: Buffer) =>
      resolve({ ...end, status: 101, received: data.toString() }),
    )
    socket.once('unexpected-response', (_request, response) => {
      void textOf(response).then((body) =>
        resolve({ ...end, status: response.statusCode ?? 0, received: body }),
      )
    })
    socket.once('error', reject)
  })
}
