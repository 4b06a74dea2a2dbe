import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { port, respond } from './app.js'

createServer((req, res) => void serve(req, res)).listen(port)

async function serve(req, res) {
  try {
    const response = await respond(toRequest(req, res), req.socket.remoteAddress)
    res.setHeaders(response.headers).writeHead(response.status)
    if (response.body === null) res.end()
    else await pipeline(response.body, res)
  } catch (error) {
    console.error(error)
    if (!res.headersSent) res.writeHead(500)
    res.end()
  }
}

function toRequest(req, res) {
  const closed = new AbortController()
  res.once('close', () => closed.abort())
  const headers = new Headers()
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    headers.append(req.rawHeaders[at], req.rawHeaders[at + 1])
  }
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD'
  return new Request(`http://localhost${req.url}`, {
    method: req.method,
    headers,
    signal: closed.signal,
    ...(hasBody && { body: Readable.toWeb(req), duplex: 'half' }),
  })
}
