import { html } from './html.ts'
import { type FormTarget, type PageSite, buttonForm, layout } from './layout.ts'

/** What the page in front of a stepped-up route shows. */
export interface StepUpModel {
  /** Sends the link that steps the session up. */
  readonly send: FormTarget
}

/** The page for a signed-in user whose session needs a step-up: one button, which sends a link. */
export function stepUpPage(site: PageSite, { send }: StepUpModel): string {
  return layout(site, {
    title: 'Confirm it’s you',
    icon: 'shield',
    body: html`
      <p class="lead">
        ${site.brand.name} needs you to confirm that it’s you before you open this page. We send you
        a link. Open it on this device to continue.
      </p>
      ${buttonForm(send, 'Send me the link')}
    `,
    offersInbox: true,
  })
}
