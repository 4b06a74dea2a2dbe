import { type Html, html } from './html.ts'

/** A line that says how long a link works; undefined where that is not known. */
export function lifetimeLine(minutes: number | undefined): Html | undefined {
  if (minutes === undefined) return undefined
  return html`<p class="quiet">The link works once, for ${lifetimeInWords(minutes)}.</p>`
}

/** A lifetime in words: `10 minutes`, `2 hours`, `3 days`. */
export function lifetimeInWords(minutes: number): string {
  const units = [
    [1440, 'day'],
    [60, 'hour'],
  ] as const
  const [size, unit] = units.find(([length]) => minutes % length === 0) ?? [1, 'minute']
  const count = minutes / size
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`
}
