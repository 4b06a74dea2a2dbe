import { html } from 'hono/html'
import type { Markup } from './layout.ts'

/** Where this emulator is, as an app's environment names it. */
export interface Environment {
  readonly baseUrl: string
  readonly projectId: string
  readonly managementKey: string
}

/** How to point an app here, and how to get a first message: what an empty inbox says, too. */
export function connect(environment: Environment, title: string): Markup {
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
    `  -d '{"loginId":"ada@example.test","redirectUrl":"http://localhost:3000/auth/verify"}'`,
  ].join('\n')
  return html`<section class="guide">
    <h2>${title}</h2>
    <p>Every mail, text and WhatsApp message your app asks for lands here, and nowhere else.</p>
    <h3>Point your app here</h3>
    ${block(settings, 'The environment of your app')}
    <h3>Or send a first message by hand</h3>
    ${block(first, 'A command that sends a first message')}
  </section>`
}

function block(text: string, label: string): Markup {
  return html`<div class="block">
    <pre tabindex="0" aria-label="${label}">${text}</pre>
    <button type="button" class="copy" data-copy="${text}" hidden>Copy</button>
  </div>`
}
