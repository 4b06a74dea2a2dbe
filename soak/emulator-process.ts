/** An emulator in a process of its own, which tells how much memory it takes when it is asked. */
import { startEmulator } from '@linkpass/emulator'

const emulator = await startEmulator()
process.on('message', () => process.send?.(process.memoryUsage.rss()))
process.send?.({ url: emulator.url, projectId: emulator.projectId })
