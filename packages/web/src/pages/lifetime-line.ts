import { lifetimeInWords } from '../attempt/link-lifetime.ts'
import { type Html, html } from './html.ts'

/** How long a link works, in a line of its own; nothing where nobody said. */
export function lifetimeLine(minutes: number | undefined): Html | undefined {
  if (minutes === undefined) return undefined
  return html`<p class="quiet">The link works for ${lifetimeInWords(minutes)}, once.</p>`
}
