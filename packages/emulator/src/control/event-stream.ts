import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { ControlEnv } from './context.ts'

// Proxies and browsers drop a stream that says nothing for about a minute.
const heartbeatMs = 25_000

/** `GET /_emulator/events`: what happens in the world, one server-sent event each, typed by name. */
export function eventStream(c: Context<ControlEnv>): Response {
  const { world } = c.var
  return streamSSE(c, async (stream) => {
    // Writes are queued by the stream; one that fails means that nobody reads any more.
    const send = (event: string, data: unknown): void => {
      stream.writeSSE({ event, data: JSON.stringify(data) }).catch(() => stream.abort())
    }
    const unsubscribe = world.events.subscribe((event) => send(event.type, event))
    const heartbeat = setInterval(() => send('heartbeat', {}), heartbeatMs)
    send('hello', { projectId: world.projectId })
    await new Promise<void>((resolve) => {
      const end = (): void => {
        world.closing.removeEventListener('abort', end)
        resolve()
      }
      stream.onAbort(end)
      world.closing.addEventListener('abort', end)
    })
    clearInterval(heartbeat)
    unsubscribe()
  })
}
