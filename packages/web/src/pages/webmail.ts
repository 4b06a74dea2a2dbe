import { type Html, html } from './html.ts'
import type { Texts } from './messages/texts.ts'

interface Provider {
  readonly name: string
  readonly url: string
  readonly domains: readonly string[]
}

const providers: readonly Provider[] = [
  {
    name: 'Gmail',
    url: 'https://mail.google.com/',
    domains: ['gmail.com', 'googlemail.com'],
  },
  {
    name: 'Outlook',
    url: 'https://outlook.live.com/mail/',
    domains: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'outlook.de',
      'outlook.fr',
      'outlook.es',
      'hotmail.de',
      'hotmail.fr',
      'hotmail.es',
      'hotmail.co.uk',
      'live.de',
      'live.fr',
    ],
  },
  {
    name: 'Yahoo Mail',
    url: 'https://mail.yahoo.com/',
    domains: [
      'yahoo.com',
      'ymail.com',
      'yahoo.de',
      'yahoo.fr',
      'yahoo.es',
      'yahoo.co.uk',
      'yahoo.it',
    ],
  },
  {
    name: 'iCloud Mail',
    url: 'https://www.icloud.com/mail/',
    domains: ['icloud.com', 'me.com', 'mac.com'],
  },
  { name: 'GMX', url: 'https://www.gmx.net/', domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch'] },
  {
    name: 'GMX',
    url: 'https://www.gmx.com/',
    domains: ['gmx.com', 'gmx.us', 'gmx.co.uk', 'gmx.fr', 'gmx.es'],
  },
  { name: 'WEB.DE', url: 'https://web.de/', domains: ['web.de'] },
  {
    name: 'Proton Mail',
    url: 'https://mail.proton.me/',
    domains: ['proton.me', 'protonmail.com', 'pm.me'],
  },
  { name: 'Fastmail', url: 'https://app.fastmail.com/', domains: ['fastmail.com', 'fastmail.fm'] },
  { name: 'AOL', url: 'https://mail.aol.com/', domains: ['aol.com', 'aol.de'] },
  { name: 'Orange', url: 'https://messagerie.orange.fr/', domains: ['orange.fr', 'wanadoo.fr'] },
  { name: 'La Poste', url: 'https://www.laposte.net/', domains: ['laposte.net'] },
]

/** A button that opens the inbox of an address in a new tab; undefined for a provider that is not known. */
export function webmailLink({ text }: Texts, loginId: string): Html | undefined {
  const domain = loginId.slice(loginId.lastIndexOf('@') + 1).toLowerCase()
  const provider = providers.find(({ domains }) => domains.includes(domain))
  if (provider === undefined) return undefined
  return html`<p>
    <a
      class="primary"
      href="${provider.url}"
      target="_blank"
      rel="noopener"
      referrerpolicy="no-referrer"
      >${text('inbox.open', { provider: provider.name })}</a
    >
  </p>`
}
