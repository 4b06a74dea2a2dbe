import { Hono } from 'hono'
import { html } from 'hono/html'
import type { ServerContext, ServerEnv } from '../server/context.ts'

/** The inbox page at `/`: the messages of the default world, newest first. */
export function inboxPage(context: ServerContext): Hono<ServerEnv> {
  const page = new Hono<ServerEnv>()
  page.get('/', (c) => {
    const messages = context.worlds.default.mailbox.list()
    return c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta http-equiv="refresh" content="2" />
            <title>Inbox</title>
          </head>
          <body>
            <h1>Inbox</h1>
            ${messages.map(
              (message) =>
                html`<h2>${message.subject} (${message.to})</h2>
                  ${message.links.map(
                    (link) =>
                      html`<p>
                        ${link.number ?? ''} <a href="${link.url}">${link.url}</a> ${link.state}
                      </p>`,
                  )}`,
            )}
          </body>
        </html>`,
    )
  })
  return page
}
