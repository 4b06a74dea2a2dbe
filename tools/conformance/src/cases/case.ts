import { equal } from 'node:assert/strict'
import type { Backend } from '../backend.ts'
import { type TestUser, createTestUser, deleteTestUser, text } from '../test-users.ts'
import type { SdkResponse, Sdk } from '../sdk.ts'

/** One thing an SDK is to get done. It throws when it does not. */
export interface Case {
  readonly title: string
  /** False where the live service would mail somebody, or would need the project set up for it. */
  readonly live: boolean
  /** Whether the SDK has the calls at all. */
  applies?(sdk: Sdk): boolean
  run(sdk: Sdk, backend: Backend, testUser: TestUser): Promise<void>
}

/** The ways a magic link is sent. */
export const methods = ['email', 'sms', 'whatsapp'] as const

/** Runs one case with a testUser of its own, who is gone afterwards. */
export async function runCase(one: Case, sdk: Sdk, backend: Backend): Promise<void> {
  const testUser = await createTestUser(backend)
  try {
    await one.run(sdk, backend, testUser)
  } finally {
    await deleteTestUser(backend, testUser)
  }
}

/** The data of an response that must be a success. */
export function succeeded(response: SdkResponse): unknown {
  if (response.ok) return response.data
  throw new Error(
    `It was refused: ${response.code ?? 'no status'} ${response.error?.errorCode ?? ''}.`,
  )
}

/** Sees to it that an response is a refusal with this code. */
export function refused(response: SdkResponse, errorCode: string): void {
  equal(response.ok, false)
  equal(response.error?.errorCode, errorCode)
}

/** Sees to it that an response has the masked address of its method. */
export function masked(response: SdkResponse, method: (typeof methods)[number]): void {
  text(succeeded(response), method === 'email' ? 'maskedEmail' : 'maskedPhone')
}

/** A phone number that nobody in the run has. */
export function newPhone(): string {
  return `+1415${String(Math.floor(Math.random() * 10_000_000)).padStart(7, '0')}`
}
