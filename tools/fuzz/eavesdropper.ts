import { channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import type { Logger } from '@linkpass/core'
import { cookieSecret } from './app.ts'
import { plantedCanary } from './hostile-text.ts'

const channels = [
  ...['linkpass:request:start', 'linkpass:request:end', 'linkpass:request:error'],
  ...['linkpass:keys:stale', 'linkpass:keys:fresh', 'linkpass:sign-in:refused'],
]

/** Hears all that the library tells whoever runs it, and what no run may cause. */
export interface Eavesdropper extends Disposable {
  readonly logger: Logger
  /** Rejections that nobody handled, exceptions that nobody caught, and process warnings. */
  readonly noise: readonly unknown[]
  /** How many messages were heard. */
  heard(): number
  /** Those that held what they must not. */
  readonly leaks: readonly string[]
}

/** Starts to listen. `isSecret` knows the tokens of the moment. */
export function eavesdrop(isSecret: (text: string) => boolean): Eavesdropper {
  const noise: unknown[] = []
  const leaks: string[] = []
  let count = 0
  const note = (what: unknown): unknown => noise.push(what)
  const hear = (message: unknown): void => {
    count += 1
    const text = typeof message === 'string' ? message : inspect(message, { depth: 8 })
    const isLeak =
      /@(?:vault|made-up)\.test|eyJ[\w-]{8,}\./.test(text) ||
      text.includes(cookieSecret) ||
      text.includes(plantedCanary) ||
      [...text.matchAll(/[\w.~-]{20,}/g)].some(([run]) => isSecret(run))
    if (isLeak) leaks.push(text)
  }
  for (const name of channels) channel(name).subscribe(hear)
  for (const event of events) process.on(event, note)
  return {
    noise,
    leaks,
    heard: () => count,
    logger: { debug: hear, warn: hear },
    [Symbol.dispose]: () => {
      for (const name of channels) channel(name).unsubscribe(hear)
      for (const event of events) process.off(event, note)
    },
  }
}

const events = ['unhandledRejection', 'uncaughtException', 'warning'] as const
