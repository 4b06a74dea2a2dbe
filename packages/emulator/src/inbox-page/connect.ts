import { html } from 'hono/html'
import type { Markup } from './layout.ts'

/** The settings with which an app uses this emulator. */
export interface Environment {
  readonly baseUrl: string
  readonly projectId: string
  readonly managementKey: string
}

/** How to connect an app and how to send a first message; an empty inbox shows it too, after a `hint`. */
export function connect(environment: Environment, title: string, hint?: Markup): Markup {
  const { baseUrl, projectId, managementKey } = environment
  const settings = [
    `DESCOPE_PROJECT_ID=${projectId}`,
    `DESCOPE_BASE_URL=${baseUrl}`,
    `DESCOPE_MANAGEMENT_KEY=${managementKey}`,
  ].join('\n')
  const first = [
    `curl ${baseUrl}/v1/auth/magiclink/signup-in/email \\`,
    `  -H 'Authorization: Bearer ${projectId}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"loginId":"ada@example.com","redirectUrl":"http://localhost:3000/auth/verify"}'`,
  ].join('\n')
  return html`<section class="guide">
    <h2>${title}</h2>
    ${hint ?? ''}
    <p>This inbox receives every email, SMS and WhatsApp message that your app sends.</p>
    <h3>Set these environment variables in your app</h3>
    ${block(settings, 'Environment variables for your app')}
    <h3>Or send a first message from a terminal</h3>
    ${block(first, 'Command that sends a first message')}
  </section>`
}

function block(text: string, label: string): Markup {
  return html`<div class="block">
    <pre tabindex="0" aria-label="${label}">${text}</pre>
    <button type="button" class="copy" data-copy="${text}" hidden>Copy</button>
  </div>`
}
