import { createRequire } from 'node:module'
import { join } from 'node:path'
import type nodeSdk from '@descope/node-sdk'
import type { Backend } from '../backend.ts'
import type { Sdk } from '../sdk.ts'

/** What is used of `@descope/nextjs-sdk/server`; its types need those of Next.js. */
interface NextServerSdk {
  readonly createSdk: (config: object) => ReturnType<typeof nodeSdk>
  readonly authMiddleware: (options: object) => (request: unknown) => Promise<Response>
}

/** The server part of `@descope/nextjs-sdk`: its client, and its middleware on requests of Next.js. */
export function nextSdk(folder: string, backend: Backend): Sdk {
  const require = createRequire(join(folder, 'package.json'))
  const { createSdk, authMiddleware }: NextServerSdk = require('@descope/nextjs-sdk/server')
  const {
    NextRequest,
  }: { NextRequest: new (url: string, init: object) => unknown } = require('next/server')
  const { projectId, managementKey, baseUrl } = backend
  const sdk = createSdk({ projectId, managementKey, baseUrl })
  const middleware = authMiddleware({ projectId, baseUrl, logLevel: 'error' })
  return {
    ...sdk,
    name: '@descope/nextjs-sdk',
    exchangeAccessKey: (accessKey) => sdk.accessKey.exchange(accessKey),
    checks: sdk,
    middleware: async (cookie) => {
      const headers = cookie === undefined ? {} : { cookie }
      const response = await middleware(new NextRequest('http://localhost:3000/me', { headers }))
      return response.headers.get('location') ?? undefined
    },
    close: async () => undefined,
  }
}
