import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { ControlEnv } from './context.ts'

// Proxies and browsers close a stream without data after about a minute.
const heartbeatMs = 25_000

/** `GET /_emulator/events`: the events of the world as server-sent events. */
export function eventStream(c: Context<ControlEnv>): Response {
  const { world } = c.var
  return streamSSE(c, async (stream) => {
    // The stream queues writes; a failed one means that the client is gone.
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
