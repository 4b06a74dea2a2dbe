import { channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import type { Logger } from '@linkpass/core'
import { cookieSecret } from './app.ts'
import { plantedCanary } from './attack-text.ts'

const channels = [
  ...['linkpass:request:start', 'linkpass:request:end', 'linkpass:request:error'],
  ...['linkpass:keys:stale', 'linkpass:keys:fresh', 'linkpass:sign-in:refused'],
]

/** Records what the library logs and publishes, and process events that no run may cause. */
export interface LogRecorder extends Disposable {
  readonly logger: Logger
  /** Unhandled rejections, uncaught exceptions and process warnings. */
  readonly noise: readonly unknown[]
  /** How many messages were recorded. */
  count(): number
  /** The messages that contained a secret. */
  readonly leaks: readonly string[]
}

/** Starts to record. `isSecret` tells whether text is a token in use. */
export function recordLogs(isSecret: (text: string) => boolean): LogRecorder {
  const noise: unknown[] = []
  const leaks: string[] = []
  let count = 0
  const note = (what: unknown): unknown => noise.push(what)
  const record = (message: unknown): void => {
    count += 1
    const text = typeof message === 'string' ? message : inspect(message, { depth: 8 })
    const isLeak =
      /@(?:pool|made-up)\.test|eyJ[\w-]{8,}\./.test(text) ||
      text.includes(cookieSecret) ||
      text.includes(plantedCanary) ||
      [...text.matchAll(/[\w.~-]{20,}/g)].some(([run]) => isSecret(run))
    if (isLeak) leaks.push(text)
  }
  for (const name of channels) channel(name).subscribe(record)
  for (const event of events) process.on(event, note)
  return {
    noise,
    leaks,
    count: () => count,
    logger: { debug: record, warn: record },
    [Symbol.dispose]: () => {
      for (const name of channels) channel(name).unsubscribe(record)
      for (const event of events) process.off(event, note)
    },
  }
}

const events = ['unhandledRejection', 'uncaughtException', 'warning'] as const
