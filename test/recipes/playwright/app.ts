import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDescopeClient } from '@linkpass/core'
import type { Emulator } from '@linkpass/emulator'
import { createAuth, getSession } from '@linkpass/express'
import express from 'express'

export interface App {
  readonly url: string
  readonly cookieNames: { readonly session: string; readonly refresh: string }
  close(): Promise<void>
}

/** Starts the app on a free port, with the emulator in the place of the service. */
export async function startApp({ projectId, url: baseUrl, clock }: Emulator): Promise<App> {
  const app = express()
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://localhost:${port}`
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const auth = createAuth(client, { appUrl: url })
  app.use('/auth', auth.router())
  app.get('/me', auth.requireSession(), (req, res) => {
    res.send(`<h1>Signed in as ${getSession(req).userId}</h1>`)
  })
  return {
    url,
    cookieNames: auth.cookieNames,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await client.close()
    },
  }
}
