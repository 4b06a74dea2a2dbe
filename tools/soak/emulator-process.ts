/**
 * An emulator in a process of its own, which tells how much memory it takes when it is asked: with
 * nothing in it that nobody holds, since how long garbage lies about is V8's affair.
 */
import { startEmulator } from '@linkpass/emulator'
import { collectGarbage } from '../../packages/core/test/garbage.ts'

const emulator = await startEmulator()
process.on('message', () => {
  collectGarbage()
  process.send?.(process.memoryUsage.rss())
})
process.send?.({ url: emulator.url, projectId: emulator.projectId })
