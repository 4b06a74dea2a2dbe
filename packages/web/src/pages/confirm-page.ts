import { html } from './html.ts'
import { type FormTarget, type PageSite, buttonForm, layout } from './layout.ts'
import { lifetimeLine } from './lifetime-line.ts'

/** What the page with one button asks. */
export interface ConfirmModel {
  /** What the link does once the button is pressed. @default a sign-in */
  readonly purpose?: 'step-up' | 'update' | undefined
  /** How the link travelled, which says what an update is of. @default 'email' */
  readonly method?: 'email' | 'sms' | 'whatsapp' | undefined
  /** The one request that spends the token. */
  readonly verify: FormTarget
  /** Who is signed in here now, when that is somebody: pressing replaces them. */
  readonly signedInAs?: string
  /** Whether the button was pressed in a browser that sent no cookie back. */
  readonly withoutCookies?: boolean
  /** How long the link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/**
 * A link was opened somewhere other than where it was asked for: by a person on another device,
 * by a mail scanner, by somebody it was forwarded to. Nothing is spent until the button is pressed
 * (T-30), and the page says which app it is and what will happen on this device (T-32).
 */
export function confirmPage(site: PageSite, model: ConfirmModel): string {
  const thing = (model.method ?? 'email') === 'email' ? 'address' : 'number'
  const { label, ...asked } = words[model.purpose ?? 'sign-in'](site.brand.name, thing)
  const { title, lead } = model.withoutCookies === true ? cookiesNeeded : asked
  return layout(site, {
    title,
    icon: model.withoutCookies === true ? 'shield' : 'door',
    body: html`
      <p class="lead">${lead}</p>
      ${
        model.signedInAs !== undefined &&
        html`<p class="notice">
          You are signed in here as <strong class="address">${model.signedInAs}</strong>. If the
          link is for another account, you switch to that one.
        </p>`
      }
      ${buttonForm(model.verify, label)}
    `,
    aside: html`${lifetimeLine(model.lifetimeMinutes)}
      <p>Didn’t ask for this? Close the page, and nothing happens.</p>`,
  })
}

interface Words {
  readonly title: string
  readonly lead: string
  readonly label: string
}

const cookiesNeeded = {
  title: 'Allow cookies, then press again',
  lead: 'Your browser kept no cookie from this site, so you would not stay signed in. The link was not used: allow cookies, and it signs you in.',
} as const

type WordsFor = (app: string, thing: 'address' | 'number') => Words

const words: Readonly<Record<'sign-in' | 'step-up' | 'update', WordsFor>> = {
  'sign-in': (app) => ({
    title: `Sign in to ${app}?`,
    // Whether the link still works is known only once it is spent, so the page does not say.
    lead: 'Press the button, and you are signed in on this device.',
    label: 'Sign in on this device',
  }),
  'step-up': (app) => ({
    title: 'Confirm it’s you',
    lead: `${app} asks for a fresh confirmation before you go on.`,
    label: 'Confirm and go on',
  }),
  update: (app, thing) => ({
    title: `Confirm your new ${thing}`,
    lead: `Press the button to use this ${thing} with ${app} from now on.`,
    label: `Use this ${thing}`,
  }),
}
