import { equal } from 'node:assert/strict'
import type { Backend } from '../backend.ts'
import { type TestUser, createTestUser, deleteTestUser, text } from '../test-users.ts'
import type { SdkResponse, Sdk } from '../sdk.ts'

/** A case that an SDK must pass; `run` throws if it does not. */
export interface Case {
  readonly title: string
  /** False where the live service would send a message, or needs the project to be set up for it. */
  readonly live: boolean
  /** Whether the SDK has the calls. */
  applies?(sdk: Sdk): boolean
  run(sdk: Sdk, backend: Backend, testUser: TestUser): Promise<void>
}

/** The delivery methods of a magic link. */
export const methods = ['email', 'sms', 'whatsapp'] as const

/** Runs one case with a test user of its own, who is deleted afterwards. */
export async function runCase(one: Case, sdk: Sdk, backend: Backend): Promise<void> {
  const testUser = await createTestUser(backend)
  try {
    await one.run(sdk, backend, testUser)
  } finally {
    await deleteTestUser(backend, testUser)
  }
}

/** The data of a result; throws unless it is a success. */
export function succeeded(response: SdkResponse): unknown {
  if (response.ok) return response.data
  throw new Error(`It failed: ${response.code ?? 'no status'} ${response.error?.errorCode ?? ''}.`)
}

/** Asserts that a result is an error with this code. */
export function refused(response: SdkResponse, errorCode: string): void {
  equal(response.ok, false)
  equal(response.error?.errorCode, errorCode)
}

/** Asserts that a result has the masked address of its method. */
export function masked(response: SdkResponse, method: (typeof methods)[number]): void {
  text(succeeded(response), method === 'email' ? 'maskedEmail' : 'maskedPhone')
}

/** A phone number that no user in the run has. */
export function newPhone(): string {
  return `+1415${String(Math.floor(Math.random() * 10_000_000)).padStart(7, '0')}`
}
