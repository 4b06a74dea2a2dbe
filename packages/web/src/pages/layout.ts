import { type Brand, initialOf } from './theme/brand.ts'
import { type Fragment, type Html, html } from './html.ts'
import type { Texts } from './messages/texts.ts'
import { type IconName, badge, siteIcon } from './theme/icons.ts'

/** How a visitor may receive a link. */
export type SignInMethod = 'email' | 'sms' | 'whatsapp' | 'enchanted'

/** The settings of an app that its pages show. Paths are as browsers see them. */
export interface PageSite {
  readonly brand: Brand
  readonly basePath: string
  /** Below which the stylesheet is `/style.css`, and the script `/script.js`. */
  readonly verifyPath: string
  /**
   * At least one. Each has a button, in this order; the Enter key submits the first. Where both addresses
   * and numbers are offered, the first button is for either, and sends no `method`.
   */
  readonly methods: readonly SignInMethod[]
  readonly mode: 'sign-up-or-in' | 'sign-in' | 'sign-up'
  readonly pages: { readonly signIn: string; readonly afterSignIn: string }
  /** How long links live, in minutes, where that is known. */
  readonly linkLifetimes: Readonly<Record<'magic' | 'enchanted', number | undefined>>
  /** The emulator's inbox, when the app uses one. Pages that wait for a message link to it. */
  readonly inboxUrl: string | undefined
}

/** Where a form posts to, and the fields that it sends besides what the visitor types. */
export interface FormTarget {
  readonly action: string
  readonly fields?: Readonly<Record<string, string>>
}

/** The one way on from an error page: an address, or the same request once more. */
export type WayForward = FormTarget | { readonly url: string }

/** A page that is in no language yet. */
export type Page = (texts: Texts, site: PageSite) => PageParts

export interface PageParts {
  readonly title: Html
  /** The text of the browser's tab, where that is not the title. */
  readonly tab?: Html | false
  readonly icon?: IconName
  /** The first paragraph. */
  readonly lead?: Html
  readonly body: Fragment
  /** Above the title in place of the icon: the number to choose. */
  readonly figure?: Html
  /** Below the card, in small print. */
  readonly aside?: Fragment | undefined
  /** Seconds until the page reloads where no script runs. */
  readonly refreshSeconds?: number
  /** Where the script asks whether a user is signed in by now. If so, it reloads the page. */
  readonly sessionUrl?: string | undefined
  readonly offersInbox?: boolean
}

/** Makes the HTML of a page in one language. It must be sent with the headers of `pageHeaders`. */
export function pageHtml(makeParts: Page, texts: Texts, site: PageSite): string {
  const { brand } = site
  const page = makeParts(texts, site)
  return html`<!doctype html>
    <html lang="${texts.language}" dir="${directionOf(texts.language)}">
      <head>
        <meta charset="utf-8" />
        <title>${page.tab || page.title} · ${brand.name}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, noarchive" />
        <meta name="color-scheme" content="light dark" />
        ${
          page.refreshSeconds !== undefined &&
          html`<noscript><meta http-equiv="refresh" content="${page.refreshSeconds}" /></noscript>`
        }
        <link rel="icon" href="${siteIcon(brand)}" />
        <link rel="stylesheet" href="${site.verifyPath}/style.css" />
        <script src="${site.verifyPath}/script.js" defer></script>
      </head>
      <body>
        <header class="brand">${emblem(brand)}</header>
        <main>
          <div
            class="card ${(page.figure ?? page.icon) && 'centred'}"
            ${page.sessionUrl && html`data-session-url="${page.sessionUrl}"`}
          >
            ${page.figure ?? (page.icon && badge(page.icon))}
            <h1>${page.title}</h1>
            ${page.lead && html`<p class="lead">${page.lead}</p>`} ${page.body}
          </div>
          ${page.aside !== undefined && html`<div class="aside">${page.aside}</div>`}
          ${page.offersInbox === true && site.inboxUrl !== undefined && inboxStrip(texts, site.inboxUrl)}
        </main>
      </body>
    </html>`.toString()
}

/** A form as it was sent: names may come twice. */
export interface SentForm {
  readonly action: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** A form that posts, with the fields of its target. */
export function postForm({ action, fields = {} }: FormTarget | SentForm, content: Fragment): Html {
  const hidden = Symbol.iterator in fields ? fields : Object.entries(fields)
  return html`<form method="post" action="${action}">
    ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${content}
  </form>`
}

export interface WayOnStyle {
  readonly style?: 'primary' | 'secondary'
  /**
   * Disables the button of a form for so many seconds. The label meanwhile has `{time}` where the time
   * stands. Without script the button works at once, and the server responds if it is too soon.
   */
  readonly countdown?: { readonly seconds: number; readonly label: Html } | undefined
  /** What a form has above its button. */
  readonly above?: Fragment
}

/** One button: a link that looks like one, or a form. */
export function wayOn(
  forward: WayForward | SentForm,
  label: Html,
  { style = 'primary', countdown, above }: WayOnStyle = {},
): Html {
  if ('url' in forward) return html`<p><a class="${style}" href="${forward.url}">${label}</a></p>`
  const counting =
    countdown && html`data-ready-in="${countdown.seconds}" data-counting="${countdown.label}"`
  const button = html`<button class="${style}" ${counting}>${label}</button>`
  return postForm(forward, [above, button])
}

/** How long a link works: once, and for so many minutes where that is known. */
export function lifetimeText({ text, duration }: Texts, minutes: number | undefined): Html {
  return minutes === undefined
    ? text('link.shortLifetime')
    : text('link.lifetime', { duration: duration(minutes * 60) })
}

/** The same as a line of small print; undefined where it is not known. */
export function lifetimeLine(texts: Texts, minutes: number | undefined): Html | undefined {
  return minutes === undefined
    ? undefined
    : html`<p class="quiet">${lifetimeText(texts, minutes)}</p>`
}

export function strong(name: Fragment): Html {
  return html`<strong>${name}</strong>`
}

/** An address, a number or a user's name in a sentence, whose direction it does not change. It may break anywhere. */
export function address(value: Fragment): Html {
  return html`<strong class="address" dir="auto">${value}</strong>`
}

function emblem(brand: Brand): Html {
  if (brand.logoUrl !== undefined) return html`<img src="${brand.logoUrl}" alt="" /> ${brand.name}`
  return html`<span class="initial" aria-hidden="true">${initialOf(brand)}</span> ${brand.name}`
}

// Of the languages that an app may add.
function directionOf(language: string): 'ltr' | 'rtl' {
  return /^(?:ar|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(language) ? 'rtl' : 'ltr'
}

function inboxStrip({ text }: Texts, inboxUrl: string): Html {
  return html`<p class="strip">
    ${text('emulator.note')}
    <a href="${inboxUrl}" target="_blank" rel="noopener">${text('emulator.inbox')}</a>
  </p>`
}
