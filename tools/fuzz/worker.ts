/** One half in a process of its own, so that what it does to the heap and the process is its own. */
import type { Service } from './app.ts'
import type { Share, Tally } from './tally.ts'

/** What the main process asks for. */
export interface Task {
  readonly half: 'tokens' | 'requests'
  readonly share: Share
  readonly service: Service
}

/** What it hears. */
export type Report = { readonly done: number } | { readonly tally: Tally }

process.once('message', (task: Task) => {
  void run(task).then((tally) => report({ tally }, () => process.disconnect()))
})

// Each half loads what it needs, and no keys of the other's.
async function run({ half, share, service }: Task): Promise<Tally> {
  const told = { ...share, onProgress: (done: number) => report({ done }) }
  if (half === 'tokens') return (await import('./tokens.ts')).fuzzTokens(told)
  return (await import('./requests.ts')).fuzzRequests(service, told)
}

function report(message: Report, then?: () => void): void {
  process.send?.(message, undefined, undefined, then)
}
