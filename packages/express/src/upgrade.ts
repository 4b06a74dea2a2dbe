import type { Session } from '@linkpass/core'
import { FailureError, type WebAuth, type WebResponse } from '@linkpass/web'
import type { Request } from 'express'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { asRequest } from './request-reader.ts'

/** Whether a WebSocket may be opened. */
export type Upgrade = AcceptedUpgrade | RefusedUpgrade

/** The WebSocket may be opened, for this session. */
export interface AcceptedUpgrade {
  readonly ok: true
  readonly session: Session
}

/** It must not be opened. Call `refuse`, or respond otherwise: the socket stays open until then. */
export interface RefusedUpgrade {
  readonly ok: false
  /** Why, with `status` and `code`. */
  readonly error: FailureError
  /** Sends the response, 401, 403 or 503, and closes the socket. */
  refuse(this: void, socket: Duplex): void
}

/** Decides on a request that the server's `upgrade` event brought. It has passed no middleware. */
export async function identifyUpgrade(
  auth: WebAuth<Request>,
  req: IncomingMessage,
): Promise<Upgrade> {
  const { socket } = asRequest(req)
  // Node listens to errors of this socket no more, so a client that went away would end the process.
  socket.on('error', ignore)
  try {
    const decision = await auth.identifyUpgrade(asRequest(req))
    if (decision.ok) return decision
    const { failure, response } = decision
    const text = responseText(response)
    return {
      ok: false,
      error: new FailureError(failure),
      refuse: (refused) => void refused.on('error', ignore).end(text, () => refused.destroy()),
    }
  } finally {
    socket.off('error', ignore)
  }
}

/** Aborts once the session of a request has ended. The watch ends with the connection. */
export function sessionEnded(auth: WebAuth<Request>, req: IncomingMessage): AbortSignal {
  const { signal, release } = auth.sessionEnd(asRequest(req))
  const { res = req.socket } = asRequest(req)
  if (res.destroyed) release()
  else {
    // A connection may have many streams, which is no leak; 0 is without a limit.
    const max = res.getMaxListeners()
    if (max > 0) res.setMaxListeners(max + 1)
    // Not `once`, whose wrapper stays for as long as the connection.
    res.on('close', release)
  }
  return signal
}

function ignore(): void {}

function responseText({ body, headers, status }: WebResponse): string {
  const all = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' }
  const lines = Object.entries(all).map((pair) => pair.join(': '))
  return [`HTTP/1.1 ${status} `, ...lines, '', body].join('\r\n')
}
