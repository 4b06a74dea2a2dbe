import { html } from './html.ts'
import { type PageSite, layout } from './layout.ts'

/** The form that is sent again. */
export interface ResumeModel {
  readonly action: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** The page after a step-up that interrupted a form: one button, which sends the form. */
export function resumePage(site: PageSite, { action, fields }: ResumeModel): string {
  return layout(site, {
    title: 'Thank you',
    icon: 'tick',
    body: html`
      <p class="lead">You confirmed that it’s you. Send what you entered to finish.</p>
      <form method="post" action="${action}">
        ${fields.map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        <button class="primary">Continue</button>
      </form>
    `,
  })
}
