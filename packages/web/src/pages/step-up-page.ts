import { html } from './html.ts'
import { type FormTarget, type Page, buttonForm } from './layout.ts'

/** The page for a signed-in user whose session needs a step-up: one button, which sends a link. */
export function stepUpPage(send: FormTarget): Page {
  return ({ text }, { brand }) => ({
    title: text('stepUp.title'),
    icon: 'shield',
    body: html`
      <p class="lead">${text('stepUp.lead', { app: brand.name })}</p>
      ${buttonForm(send, text('stepUp.send'))}
    `,
    offersInbox: true,
  })
}
