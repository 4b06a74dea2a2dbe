import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'
import type { ServerResponse } from 'node:http'
import serverless from 'serverless-http'

/** The app, which runs on Lambda as it runs elsewhere. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const app = express()
  app.set('trust proxy', 1)
  app.use('/auth', auth.router())
  app.get('/', auth.requireSession(), (req, res) => {
    res.send(`<h1>Welcome, ${getSession(req).userId}</h1>`)
  })
  return app
}

/** The handler, for events of API Gateway, of a function URL, or of a load balancer. */
export function createHandler(app: Express): serverless.Handler {
  return serverless(app, { response: separateCookies })
}

/**
 * A load balancer without multi-value headers takes one header of each name. It tells `Set-cookie` from
 * `set-cookie`, and browsers do not, so each cookie gets a spelling of its own.
 */
function separateCookies(response: ServerResponse, event: object): void {
  if (!isOfLoadBalancer(event) || 'multiValueHeaders' in event) return
  const { 'set-cookie': cookies = [], ...headers } = response.getHeaders()
  for (const [index, cookie] of [cookies].flat().entries()) {
    const letters = Array.from('set-cookie', (letter, bit) =>
      (index >> bit) % 2 === 1 ? letter.toUpperCase() : letter,
    )
    headers[letters.join('')] = cookie
  }
  response.getHeaders = () => headers
}

function isOfLoadBalancer(event: object): boolean {
  return 'requestContext' in event && 'elb' in Object(event.requestContext)
}
