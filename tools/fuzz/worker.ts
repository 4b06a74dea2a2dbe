/** Runs one half in a process of its own, so that its heap and process events are its own. */
import type { Service } from './app.ts'
import type { Share, Tally } from './tally.ts'

/** What the main process sends. */
export interface Task {
  readonly half: 'tokens' | 'requests'
  readonly share: Share
  readonly service: Service
}

/** What it receives. */
export type Report = { readonly done: number } | { readonly tally: Tally }

process.once('message', (task: Task) => {
  void run(task).then((tally) => report({ tally }, () => process.disconnect()))
})

// Each half loads only what it needs.
async function run({ half, share, service }: Task): Promise<Tally> {
  const reported = { ...share, onProgress: (done: number) => report({ done }) }
  if (half === 'tokens') return (await import('./tokens.ts')).fuzzTokens(reported)
  return (await import('./requests.ts')).fuzzRequests(service, reported)
}

function report(message: Report, then?: () => void): void {
  process.send?.(message, undefined, undefined, then)
}
