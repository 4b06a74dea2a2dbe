import type { DescopeClient } from '@linkpass/core'
import { createAuth, getSession } from '@linkpass/express'
import express, { type Express } from 'express'

/** A user of several tenants switches between them; a payment takes a step-up, and then goes on. */
export function createApp(client: DescopeClient, appUrl: string, cookieSecret: string): Express {
  const auth = createAuth(client, { appUrl, cookieSecret })
  const app = express()
  app.use('/auth', auth.router())
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 handles a rejection
  app.get('/', auth.requireSession(), async (req, res) => {
    const { data } = await auth.account(req).tenants()
    const { dct } = getSession(req).claims
    const current = typeof dct === 'string' ? dct : 'none'
    const switches = (data?.tenants ?? []).map(({ id, name = id }) => switchForm(id, name))
    res.send(`<h1>Tenant: ${escaped(current)}</h1>${switches.join('')}${payForm}`)
  })
  // Without a fresh step-up, the user confirms by a link first. The form is then sent again.
  const paying = auth.requireSession({ stepUp: { maxAgeSeconds: 300 } })
  app.post('/pay', paying, express.urlencoded({ extended: false }), (req, res) => {
    res.send(`<h1>Paid ${escaped(String(req.body.amount))}</h1>`)
  })
  app.get(
    '/t/:tenant',
    auth.requireSession({ tenant: (req) => req.params['tenant'] }),
    (req, res) => {
      res.send(`<h1>Welcome to ${escaped(req.params.tenant)}</h1>`)
    },
  )
  return app
}

function switchForm(id: string, name: string): string {
  return `<form method="post" action="/auth/tenant">
    <input type="hidden" name="tenant" value="${escaped(id)}">
    <button>Switch to ${escaped(name)}</button>
  </form>`
}

const payForm = `<form method="post" action="/pay">
  <input name="amount" value="100"><button>Pay</button>
</form>`

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
