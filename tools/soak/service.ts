/** An emulator in a process of its own, for an app in this one. */
import { systemClock } from '@linkpass/core'
import type { FaultSpec } from '@linkpass/emulator'
import { Pool } from 'undici'
import { type Service } from './app.ts'
import { messageFrom, startChild, type StartedEmulator } from './child.ts'

/** The service of an app, on real time. */
export interface RemoteService extends Service, AsyncDisposable {
  addFault(fault: FaultSpec): Promise<void>
  /** The one-time token of the newest link for an address. */
  tokenFor(address: string): Promise<string>
  /** The newest link for an address. */
  linkFor(address: string): Promise<URL>
}

/** Starts it. */
export async function startService(): Promise<RemoteService> {
  const child = startChild('./emulator-process.ts')
  const { url, projectId } = await messageFrom<StartedEmulator>(child)
  const pool = new Pool(url, { connections: 4 })
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<string> => {
    const headers = { 'content-type': 'application/json' }
    const sent = body === undefined ? null : JSON.stringify(body)
    const response = await pool.request({ method, path, headers, body: sent })
    return response.body.text()
  }
  const linkFor = async (address: string): Promise<URL> => {
    const inbox = await call('GET', `/_emulator/messages?to=${encodeURIComponent(address)}`)
    const [mail]: { links: { url: string }[] }[] = JSON.parse(inbox)
    return new URL(mail?.links[0]?.url ?? '')
  }
  return {
    url,
    projectId,
    linkFor,
    // Both run on the machine's clock.
    clock: systemClock,
    signIn: () =>
      Promise.reject(new Error('Sign in by a link: the emulator is in another process.')),
    addFault: async (fault) => void (await call('POST', '/_emulator/faults', fault)),
    tokenFor: async (address) => (await linkFor(address)).searchParams.get('t') ?? '',
    [Symbol.asyncDispose]: async () => {
      await pool.close()
      child.kill()
    },
  }
}
