import { html } from './html.ts'
import { type FormTarget, type PageSite, buttonForm, layout } from './layout.ts'

/** What the page in front of a stepped-up route asks. */
export interface StepUpModel {
  /** Mails the link that steps the session up. */
  readonly ask: FormTarget
}

/** Somebody signed in opened what asks for a fresh proof: one button, which sends a link. */
export function stepUpPage(site: PageSite, { ask }: StepUpModel): string {
  return layout(site, {
    title: 'Confirm it’s you',
    icon: 'shield',
    body: html`
      <p class="lead">
        ${site.brand.name} asks for a fresh confirmation before this page. We send you a link; open
        it on this device, and you go on from here.
      </p>
      ${buttonForm(ask, 'Send me the link')}
    `,
    offersInbox: true,
  })
}
