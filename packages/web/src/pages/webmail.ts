import { type Html, html } from './html.ts'
import type { Texts } from './messages/texts.ts'

// The name, the address of the inbox, and the domains of its users.
const providers: readonly (readonly [name: string, url: string, domains: string])[] = [
  ['Gmail', 'https://mail.google.com/', 'gmail.com googlemail.com'],
  ['Outlook', 'https://outlook.live.com/mail/', 'outlook.com outlook.de outlook.fr outlook.es'],
  ['Outlook', 'https://outlook.live.com/mail/', 'hotmail.com hotmail.de hotmail.fr hotmail.es'],
  ['Outlook', 'https://outlook.live.com/mail/', 'hotmail.co.uk live.com live.de live.fr msn.com'],
  ['Yahoo Mail', 'https://mail.yahoo.com/', 'yahoo.com yahoo.de yahoo.fr yahoo.es yahoo.it'],
  ['Yahoo Mail', 'https://mail.yahoo.com/', 'yahoo.co.uk ymail.com'],
  ['iCloud Mail', 'https://www.icloud.com/mail/', 'icloud.com me.com mac.com'],
  ['GMX', 'https://www.gmx.net/', 'gmx.net gmx.de gmx.at gmx.ch'],
  ['GMX', 'https://www.gmx.com/', 'gmx.com gmx.us gmx.co.uk gmx.fr gmx.es'],
  ['WEB.DE', 'https://web.de/', 'web.de'],
  ['Proton Mail', 'https://mail.proton.me/', 'proton.me protonmail.com pm.me'],
  ['Fastmail', 'https://app.fastmail.com/', 'fastmail.com fastmail.fm'],
  ['AOL', 'https://mail.aol.com/', 'aol.com aol.de'],
  ['Orange', 'https://messagerie.orange.fr/', 'orange.fr wanadoo.fr'],
  ['La Poste', 'https://www.laposte.net/', 'laposte.net'],
]

/** A button that opens the inbox of an address in a new tab; undefined for a provider that is not known. */
export function webmailLink({ text }: Texts, loginId: string): Html | undefined {
  const domain = loginId.slice(loginId.lastIndexOf('@') + 1).toLowerCase()
  const provider = providers.find(([, , domains]) => domains.split(' ').includes(domain))
  if (provider === undefined) return undefined
  const [name, url] = provider
  return html`<p>
    <a class="primary" href="${url}" target="_blank" rel="noopener" referrerpolicy="no-referrer"
      >${text('inbox.open', { provider: name })}</a
    >
  </p>`
}
