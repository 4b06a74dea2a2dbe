import { html } from './html.ts'
import type { IconName } from './theme/icons.ts'
import { type PageSite, layout } from './layout.ts'
import { lifetimeLine } from './lifetime-line.ts'

/** How a request ended, where nothing is left to do on this device. */
export type DoneKind = 'approved' | 'refused' | 'completed' | 'signed-out' | 'sent'

/** What the page shows. */
export interface DoneModel {
  readonly kind: DoneKind
  /** Where to go from here, if anywhere. */
  readonly forward?: { readonly url: string; readonly label: string }
  /** How long a sent link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/** The last page of a flow on this device. */
export function donePage(site: PageSite, model: DoneModel): string {
  const { title, lead, icon } = words[model.kind]
  const { forward } = model
  return layout(site, {
    title,
    icon,
    body: html`
      <p class="lead">${lead}</p>
      ${lifetimeLine(model.lifetimeMinutes)}
      ${
        forward !== undefined &&
        html`<p><a class="primary" href="${forward.url}">${forward.label}</a></p>`
      }
    `,
  })
}

interface Words {
  readonly title: string
  readonly lead: string
  readonly icon: IconName
}

const words: Readonly<Record<DoneKind, Words>> = {
  approved: {
    title: 'Go back to your other device',
    lead: 'It goes on by itself now. You can close this page.',
    icon: 'tick',
  },
  refused: {
    title: 'Sign-in stopped',
    lead: 'That sign-in can’t complete, and no one was signed in. You can close this page.',
    icon: 'shield',
  },
  completed: {
    title: 'That device is already signed in',
    lead: 'The sign-in was approved before, so it can no longer be stopped here. If that was not you, sign in and sign out everywhere, or contact the operator of this site.',
    icon: 'shield',
  },
  sent: {
    title: 'Check your messages',
    lead: 'If you requested a link, it is on its way. Open it, and use the button on its page.',
    icon: 'envelope',
  },
  'signed-out': {
    title: 'You are signed out',
    lead: 'Your session has ended, so nothing was changed. Sign in, then try again.',
    icon: 'door',
  },
}
