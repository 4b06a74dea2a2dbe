import { type Brand, initialOf } from './theme/brand.ts'
import { type Fragment, type Html, html } from './html.ts'
import { type IconName, icon } from './theme/icons.ts'

/** What every page of one app shares. Pages know no routes: addresses come from here and from models. */
export interface PageSite {
  readonly brand: Brand
  /** Where `stylesheet(brand.accentColor)` is served. */
  readonly stylesheetUrl: string
  /** Where `script` is served. */
  readonly scriptUrl: string
  /** What the browser's tab shows: `siteIcon(brand)`. */
  readonly iconUrl: string
  /** The emulator's inbox, when the app uses one. Pages that wait for a message link to it. */
  readonly inboxUrl?: string
}

/** Where a form posts to, and the fields that it sends besides what the visitor types. */
export interface FormTarget {
  readonly action: string
  readonly fields?: Readonly<Record<string, string>>
}

/** The parts of one page. */
export interface PageParts {
  readonly title: string
  /** The text of the browser's tab, where that is not the title. */
  readonly tab?: string
  readonly icon?: IconName
  readonly body: Fragment
  /** Above the title in place of the icon: the number to choose. */
  readonly figure?: Html
  /** Below the card, in small print. */
  readonly aside?: Fragment | undefined
  /** Seconds until the page reloads where no script runs. */
  readonly refreshSeconds?: number
  /** Whether to offer the emulator's inbox. */
  readonly offersInbox?: boolean
}

/** Makes the HTML of a page. It must be sent with the headers of `pageHeaders`. */
export function layout(site: PageSite, page: PageParts): string {
  const { brand } = site
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${page.tab ?? page.title} · ${brand.name}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, noarchive" />
        <meta name="color-scheme" content="light dark" />
        ${
          page.refreshSeconds !== undefined &&
          html`<noscript><meta http-equiv="refresh" content="${page.refreshSeconds}" /></noscript>`
        }
        <link rel="icon" href="${site.iconUrl}" />
        <link rel="stylesheet" href="${site.stylesheetUrl}" />
        <script src="${site.scriptUrl}" defer></script>
      </head>
      <body>
        <header class="brand">${emblem(brand)}</header>
        <main>
          <div class="card">
            ${page.figure ?? (page.icon && html`<p class="badge">${icon(page.icon)}</p>`)}
            <h1>${page.title}</h1>
            ${page.body}
          </div>
          ${page.aside !== undefined && html`<div class="aside">${page.aside}</div>`}
          ${page.offersInbox === true && site.inboxUrl !== undefined && inboxStrip(site.inboxUrl)}
        </main>
      </body>
    </html>`.toString()
}

/** The hidden fields of a form. */
export function hiddenFields(target: FormTarget): readonly Html[] {
  return Object.entries(target.fields ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
}

/**
 * A form of one button.
 *
 * @param readyInSeconds how long the script disables it, with a countdown. Without script it works at
 * once, and the server responds if it is too soon
 */
export function buttonForm(target: FormTarget, label: string, readyInSeconds = 0): Html {
  return html`<form method="post" action="${target.action}">
    ${hiddenFields(target)}
    <button class="primary" ${readyInSeconds > 0 && html`data-ready-in="${readyInSeconds}"`}>
      ${label}
    </button>
  </form>`
}

function emblem(brand: Brand): Html {
  if (brand.logoUrl !== undefined) return html`<img src="${brand.logoUrl}" alt="${brand.name}" />`
  return html`<span class="initial" aria-hidden="true">${initialOf(brand)}</span> ${brand.name}`
}

function inboxStrip(inboxUrl: string): Html {
  return html`<p class="strip">
    Running on the emulator: no mail leaves this machine.
    <a href="${inboxUrl}" target="_blank" rel="noopener">Open the inbox</a>
  </p>`
}
