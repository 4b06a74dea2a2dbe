import { type FormTarget, type Page, type SentForm, wayOn } from './layout.ts'

/** The page for a signed-in user whose session needs a step-up: one button, which sends a link. */
export function stepUpPage(send: FormTarget): Page {
  return ({ text }, { brand }) => ({
    title: text('stepUp.title'),
    icon: 'shield',
    lead: text('stepUp.lead', { app: brand.name }),
    body: wayOn(send, text('stepUp.send')),
    offersInbox: true,
  })
}

/** The page after a step-up that interrupted a form: one button, which sends the form. */
export function resumePage(form: SentForm): Page {
  return ({ text }) => ({
    title: text('resume.title'),
    icon: 'tick',
    lead: text('resume.lead'),
    body: wayOn(form, text('action.continue')),
  })
}
