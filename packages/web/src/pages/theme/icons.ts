import { type Html, html } from '../html.ts'
import { legibleOn, toHex } from './accent.ts'
import { type Brand, initialOf } from './brand.ts'

/** The icon above the title of a page. Four of them stand for a state, and have its colour. */
export type IconName = keyof typeof icons

/** A line drawing of 24 by 24 in a circle, hidden from screen readers. */
export function badge(name: IconName): Html {
  const [colour, strokes] = icons[name]
  return html`<p class="badge ${colour}">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="${strokes}" /></svg>
  </p>`
}

const circle = 'M20.7 12a8.7 8.7 0 1 1-17.4 0 8.7 8.7 0 0 1 17.4 0Z'

// The CSS class of its colour, and its strokes.
const icons = {
  envelope: [
    '',
    'M5.5 5.5h13A2.5 2.5 0 0 1 21 8v8a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16V8a2.5 2.5 0 0 1 2.5-2.5ZM3.8 7.6l6.9 5.2a2.2 2.2 0 0 0 2.6 0l6.9-5.2',
  ],
  phone: [
    '',
    'M20.5 11.6a7.6 7.6 0 0 1-8.2 7.4 9 9 0 0 1-3.3-.7L4 19.8l1.5-4a7.2 7.2 0 0 1-1-4.2A7.8 7.8 0 0 1 12.5 4a7.8 7.8 0 0 1 8 7.6ZM9 11.5h.01M12.5 11.5h.01M16 11.5h.01',
  ],
  door: [
    '',
    'M10 4h7.5A1.5 1.5 0 0 1 19 5.5v13a1.5 1.5 0 0 1-1.5 1.5H10M4 12h10.5M11 8.3l3.7 3.7-3.7 3.7',
  ],
  shield: [
    '',
    'M12 3.4 19 6v5.4c0 4.3-2.9 7.6-7 9.2-4.1-1.6-7-4.9-7-9.2V6l7-2.6ZM12 8.6v4M12 15.8h.01',
  ],
  tick: ['success', `${circle}M8.2 12.4l2.6 2.6 5-5.6`],
  clock: ['info', `${circle}M12 7.2V12l3 2`],
  triangle: [
    'warning',
    'M10.4 4.6 3.2 17a1.9 1.9 0 0 0 1.6 2.8h14.4a1.9 1.9 0 0 0 1.6-2.8L13.6 4.6a1.9 1.9 0 0 0-3.2 0ZM12 9.2v4.4M12 16.6h.01',
  ],
  cross: ['failure', `${circle}M9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6`],
} as const

/**
 * The icon of the browser's tab: the app's initial on its colour, as a `data:` URL. Without an icon,
 * browsers request `/favicon.ico` from the app.
 */
export function siteIcon(brand: Brand): string {
  const accent = legibleOn([255, 255, 255], brand.accent)
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
