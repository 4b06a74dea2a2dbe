/**
 * An emulator in a process of its own, which sends its memory on request. It collects garbage first,
 * because V8 decides for itself when to do that.
 */
import { startEmulator } from '@linkpass/emulator'
import { collectGarbage } from '@linkpass/testing'

/** In bytes. */
export interface Memory {
  /** What the process takes of the machine, with what V8 keeps for later. */
  readonly resident: number
  /** What is in use. */
  readonly live: number
}

const emulator = await startEmulator()
process.on('message', () => {
  collectGarbage()
  // Twice: the first collection finalises what the second one frees.
  collectGarbage()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.send?.({ resident: rss, live: heapUsed + external } satisfies Memory)
})
process.send?.({ url: emulator.url, projectId: emulator.projectId })
