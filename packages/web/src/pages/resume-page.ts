import { html } from './html.ts'
import type { Page } from './layout.ts'

/** The form that is sent again. */
export interface ResumedForm {
  /** Where it goes: a path of the app. */
  readonly action: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** The page after a step-up that interrupted a form: one button, which sends the form. */
export function resumePage({ action, fields }: ResumedForm): Page {
  return ({ text }) => ({
    title: text('resume.title'),
    icon: 'tick',
    body: html`
      <p class="lead">${text('resume.lead')}</p>
      <form method="post" action="${action}">
        ${fields.map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        <button class="primary">${text('action.continue')}</button>
      </form>
    `,
  })
}
