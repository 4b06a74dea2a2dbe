import { getRequestListener } from '@hono/node-server'
import type { RequestListener } from 'node:http'
import { createApp } from './app.ts'

/** The app for a server of `node:http`. */
export function createListener(...options: Parameters<typeof createApp>): RequestListener {
  const listener = getRequestListener(createApp(...options).fetch)
  return (req, res) => void listener(req, res)
}
