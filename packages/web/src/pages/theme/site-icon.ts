import { legibleOn, parseHex, toHex } from './accent.ts'
import { type Brand, initialOf } from './brand.ts'
import { html } from '../html.ts'

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
