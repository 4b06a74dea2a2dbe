/** Programs of a scenario in processes of their own, so that they do not share its event loop. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What emulator-process.ts sends first; each later message is a number of bytes. */
export interface StartedEmulator {
  readonly url: string
  readonly projectId: string
}

/** Starts a file of this folder. */
export function startChild(file: string, nodeOptions: readonly string[] = []): ChildProcess {
  const script = fileURLToPath(new URL(file, import.meta.url))
  const execArgv = ['--conditions=@linkpass/source', '--import', 'tsx', ...nodeOptions]
  return fork(script, { execArgv, env: { ...process.env, NODE_ENV: 'test' } })
}

/** The next message of a child. */
export async function messageFrom<Message>(child: ChildProcess): Promise<Message> {
  const signal = AbortSignal.timeout(60_000)
  const [message]: Message[] = await once(child, 'message', { signal })
  if (message === undefined) throw new Error('The child sent an empty message.')
  return message
}
