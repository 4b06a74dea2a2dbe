import { equal } from 'node:assert/strict'
import type { Backend } from '../backend.ts'
import { type TestPerson, makePerson, removePerson, text } from '../people.ts'
import type { Answer, Sdk } from '../sdk.ts'

/** One thing an SDK is to get done. It throws when it does not. */
export interface Case {
  readonly title: string
  /** False where the live service would mail somebody, or would need the project set up for it. */
  readonly live: boolean
  /** Whether the SDK has the calls at all. */
  applies?(sdk: Sdk): boolean
  run(sdk: Sdk, backend: Backend, person: TestPerson): Promise<void>
}

/** The ways a magic link is sent. */
export const methods = ['email', 'sms', 'whatsapp'] as const

/** Runs one case with a person of its own, who is gone afterwards. */
export async function runCase(one: Case, sdk: Sdk, backend: Backend): Promise<void> {
  const person = await makePerson(backend)
  try {
    await one.run(sdk, backend, person)
  } finally {
    await removePerson(backend, person)
  }
}

/** The data of an answer that must be a success. */
export function succeeded(answer: Answer): unknown {
  if (answer.ok) return answer.data
  throw new Error(`It was refused: ${answer.code ?? 'no status'} ${answer.error?.errorCode ?? ''}.`)
}

/** Sees to it that an answer is a refusal with this code. */
export function refused(answer: Answer, errorCode: string): void {
  equal(answer.ok, false)
  equal(answer.error?.errorCode, errorCode)
}

/** Sees to it that an answer has the masked address of its method. */
export function masked(answer: Answer, method: (typeof methods)[number]): void {
  text(succeeded(answer), method === 'email' ? 'maskedEmail' : 'maskedPhone')
}

/** A phone number that nobody in the run has. */
export function newPhone(): string {
  return `+1415${String(Math.floor(Math.random() * 10_000_000)).padStart(7, '0')}`
}
