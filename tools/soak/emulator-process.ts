/**
 * An emulator in a process of its own, which sends how much memory it takes on request. It collects
 * garbage first, because V8 decides for itself when to do that.
 */
import { startEmulator } from '@linkpass/emulator'
import { collectGarbage } from '@linkpass/testing'

const emulator = await startEmulator()
process.on('message', () => {
  collectGarbage()
  process.send?.(process.memoryUsage.rss())
})
process.send?.({ url: emulator.url, projectId: emulator.projectId })
