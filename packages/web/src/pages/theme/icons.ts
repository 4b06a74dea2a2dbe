import { type Html, html } from '../html.ts'
import { legibleOn, parseHex, toHex } from './accent.ts'
import { type Brand, initialOf } from './brand.ts'

/** The icon above the title of a page. Four of them stand for a state, and have its colour. */
export type IconName = keyof typeof states

// Their CSS classes.
const states = {
  envelope: '',
  phone: '',
  door: '',
  shield: '',
  tick: 'success',
  clock: 'waiting',
  triangle: 'warning',
  cross: 'failure',
} as const

/** An icon in a circle, in the colour of the state that it stands for, else in the accent colour. */
export function badge(name: IconName): Html {
  return html`<p class="badge ${states[name]}">${icon(name)}</p>`
}

// A line drawing of 24 by 24 in the colour of the text, hidden from screen readers.
function icon(name: IconName): Html {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${strokes[name]}
  </svg>`
}

const strokes: Readonly<Record<IconName, Html>> = {
  envelope: html`<rect x="3" y="5.5" width="18" height="13" rx="2.5" />
    <path d="m3.8 7.6 6.9 5.2a2.2 2.2 0 0 0 2.6 0l6.9-5.2" />`,
  phone: html`<path
    d="M20.5 11.6a7.6 7.6 0 0 1-8.2 7.4 9 9 0 0 1-3.3-.7L4 19.8l1.5-4a7.2 7.2 0 0 1-1-4.2A7.8 7.8 0 0 1 12.5 4a7.8 7.8 0 0 1 8 7.6ZM9 11.5h.01M12.5 11.5h.01M16 11.5h.01"
  />`,
  door: html`<path d="M10 4h7.5A1.5 1.5 0 0 1 19 5.5v13a1.5 1.5 0 0 1-1.5 1.5H10M4 12h10.5" />
    <path d="m11 8.3 3.7 3.7-3.7 3.7" />`,
  tick: html`<circle cx="12" cy="12" r="8.7" /> <path d="m8.2 12.4 2.6 2.6 5-5.6" />`,
  shield: html`<path
    d="M12 3.4 19 6v5.4c0 4.3-2.9 7.6-7 9.2-4.1-1.6-7-4.9-7-9.2V6l7-2.6ZM12 8.6v4M12 15.8h.01"
  />`,
  triangle: html`<path
    d="M10.4 4.6 3.2 17a1.9 1.9 0 0 0 1.6 2.8h14.4a1.9 1.9 0 0 0 1.6-2.8L13.6 4.6a1.9 1.9 0 0 0-3.2 0ZM12 9.2v4.4M12 16.6h.01"
  />`,
  cross: html`<circle cx="12" cy="12" r="8.7" /> <path d="m9.2 9.2 5.6 5.6M14.8 9.2l-5.6 5.6" />`,
  clock: html`<circle cx="12" cy="12" r="8.7" /> <path d="M12 7.2V12l3 2" />`,
}

const white = [255, 255, 255] as const

/**
 * The icon of the browser's tab: the app's initial on its colour, as a `data:` URL. Without an icon,
 * browsers request `/favicon.ico` from the app.
 */
export function siteIcon(brand: Brand): string {
  const accent = legibleOn(white, parseHex(brand.accentColor) ?? white)
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
    <rect width="32" height="32" rx="9" fill="${toHex(accent)}" />
    <text
      x="16"
      y="22.5"
      text-anchor="middle"
      font-family="system-ui, sans-serif"
      font-size="18"
      font-weight="600"
      fill="#fff"
    >
      ${initialOf(brand)}
    </text>
  </svg>`
  return `data:image/svg+xml;base64,${Buffer.from(svg.toString()).toString('base64')}`
}
