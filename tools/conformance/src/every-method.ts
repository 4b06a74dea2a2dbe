import nodeSdk from '@descope/node-sdk'
import type { Emulator } from '@linkpass/emulator'

/** What one method of the SDK requested. */
export interface MethodRequests {
  /** Its name, as `management.user.load`. */
  readonly method: string
  /** Empty for a method that sends nothing. */
  readonly requests: readonly { method: string; path: string; status: number; hint: string }[]
}

// They poll until their deadline, and have cases of their own.
const waits = /waitForSession$/

const ada = 'ada@example.com'
// Each method is called with the first of these that it sends a request for.
const guesses: readonly (readonly unknown[])[] = [
  [ada, ada, 'http://localhost:3000', 'token', {}],
  [ada, '+14155550123', 'http://localhost:3000', 'token', {}],
  [{ id: 'x', tenantId: 'x', loginIds: [ada] }, {}],
  [[ada], [ada]],
  [[{ loginId: ada, resource: 'x', relation: 'y' }], []],
  ['x', 'y', [{}], {}],
  [true],
  [new Date()],
]

/**
 * Calls every method of `@descope/node-sdk` with made-up arguments, one after the other, and returns
 * what the emulator received from each.
 */
export async function callEveryMethod(emulator: Emulator): Promise<readonly MethodRequests[]> {
  const { projectId, url: baseUrl, managementKey } = emulator
  const sdk = nodeSdk({ projectId, baseUrl, managementKey })
  const results: MethodRequests[] = []
  for (const [method, call] of methodsOf(sdk, '')) {
    if (waits.test(method)) continue
    results.push({ method, requests: await requestsOf(emulator, call) })
  }
  return results
}

type Method = (...args: readonly unknown[]) => unknown

function* methodsOf(value: object, prefix: string): Generator<[string, Method]> {
  for (const [name, member] of Object.entries(value)) {
    if (name === 'httpClient' || name === 'hooks') continue
    if (typeof member === 'function') yield [prefix + name, (...args) => member(...args)]
    // A function may have methods too: `flow.start` is one, `otp.signIn` has several.
    if (typeof member === 'object' || typeof member === 'function') {
      if (member !== null) yield* methodsOf(member, `${prefix}${name}.`)
    }
  }
}

async function requestsOf(emulator: Emulator, call: Method): Promise<MethodRequests['requests']> {
  for (const args of guesses) {
    emulator.reset()
    try {
      await call(...args)
    } catch {
      // The arguments are made up, so a method may refuse them, or the response.
    }
    const seen = emulator.requests().filter(({ path }) => path !== '/v1/mgmt/license')
    if (seen.length > 0) {
      return seen.map(({ method, path, status, hint = '' }) => ({ method, path, status, hint }))
    }
  }
  return []
}
