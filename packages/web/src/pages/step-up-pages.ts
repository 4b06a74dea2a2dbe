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
