import type { StateStore } from '@linkpass/core'
import { type Sealer, hashRandom, randomInteger } from '@linkpass/core/internal'
import { type CodeAction, decideCode } from './decide.ts'

/** Four digits, all equally likely. They stand on the waiting screen, and never in the mail. */
export function newCode(): string {
  return String(randomInteger(0, 10_000)).padStart(4, '0')
}

/** The code in what was typed, with or without spaces; undefined for anything else. */
export function parseCode(typed: string | undefined): string | undefined {
  const digits = typed?.replace(/[ \u00A0]/g, '')
  return digits !== undefined && /^[0-9]{4}$/.test(digits) ? digits : undefined
}

/** The code of an attempt, and how long its tries are remembered. */
export interface ExpectedCode {
  readonly state: string
  readonly code: string
  readonly leftMs: number
}

/** What a typed code does. Takes one of the two tries, unless the same code was typed before. */
export async function checkCode(
  { sealer, store }: { readonly sealer: Sealer; readonly store: StateStore },
  { state, code, leftMs }: ExpectedCode,
  typed: string,
): Promise<CodeAction> {
  const name = sealer.fingerprint('code', `${state} ${typed}`)
  const tryNumber = await takeTry(store, { state, name, leftMs })
  // In constant time: MACs are compared, and not digits.
  const isRight = sealer.hasTag(
    'code',
    Buffer.from(typed),
    sealer.tag('code', Buffer.from(code), 32),
  )
  return decideCode({ isRight, tryNumber })
}

interface Try {
  readonly state: string
  readonly name: string
  readonly leftMs: number
}

/**
 * Takes a try before the code is compared, so that many requests at once do not get more of them.
 * Each try holds the code that was typed, and the first to write it has it: a double click, or a retry
 * after an outage, is no further try. Undefined when both are taken.
 */
async function takeTry(
  store: StateStore,
  { state, name, leftMs }: Try,
): Promise<1 | 2 | undefined> {
  for (const number of [1, 2] as const) {
    const found = await store.setIfAbsent(`try:${hashRandom(`${state} ${number}`)}`, name, leftMs)
    if (found === undefined || found === name) return number
  }
  return undefined
}

/** Records that a link of the attempt was opened. False when it was recorded before. */
export async function markOpened(
  store: StateStore,
  state: string,
  leftMs: number,
): Promise<boolean> {
  return (await store.setIfAbsent(openedKey(state), '1', leftMs)) === undefined
}

/** Whether a link of the attempt was opened. */
export async function wasOpened(store: StateStore, state: string): Promise<boolean> {
  return (await store.get(openedKey(state))) !== undefined
}

function openedKey(state: string): string {
  return `opened:${hashRandom(state)}`
}
