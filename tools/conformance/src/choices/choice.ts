import type { Backend } from '../backend.ts'
import { type TestUser, manage } from '../test-users.ts'

/**
 * A point that the service's public sources do not document, or on which they disagree, and what the
 * emulator does. `docs`: documents or SDK sources say so. `choice`: no source says; it is our choice.
 */
export interface Choice {
  readonly point: string
  readonly emulated: string
  readonly source: 'docs' | 'choice'
  /**
   * Whether a backend behaves so. Absent where that takes a mailbox, a console setting or a long wait
   * to find out.
   */
  readonly check?: (backend: Backend, testUser: TestUser) => Promise<boolean>
}

/** Where a magic link is verified. */
export const verifyPath = '/v1/auth/magiclink/verify'
/** Where the session of an enchanted link is fetched. */
export const pollPath = '/v1/auth/enchantedlink/pending-session'

/** Whether a POST gets an error response with this status and code. */
export async function refuses(
  backend: Backend,
  [path, body, credential]: [path: string, body: object, credential?: string],
  status: number,
  errorCode: string,
): Promise<boolean> {
  const response = await backend.post(path, body, credential)
  return response.status === status && response.body['errorCode'] === errorCode
}

/** Where a generated link leads, its token taken out. */
export async function generatedLink(
  backend: Backend,
  testUser: TestUser,
  more: object,
): Promise<string> {
  const { loginId } = testUser
  const body = { loginId, deliveryMethod: 'email', ...more }
  const { link } = (await manage(backend, '/v1/mgmt/tests/generate/magiclink', body)).body
  const url = new URL(String(link))
  url.searchParams.set('t', 'TOKEN')
  return url.href
}
