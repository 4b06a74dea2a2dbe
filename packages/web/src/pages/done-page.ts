import { html } from './html.ts'
import type { IconName } from './theme/icons.ts'
import { type PageSite, layout } from './layout.ts'
import { lifetimeLine } from './lifetime-line.ts'

/** What is done, where nothing is left to do on this device. */
export type DoneKind = 'approved' | 'refused' | 'completed' | 'signed-out' | 'sent'

/** What the last page says. */
export interface DoneModel {
  readonly kind: DoneKind
  /** Where to go from here, when there is somewhere. */
  readonly forward?: { readonly url: string; readonly label: string }
  /** How long a link lives that is on its way, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/** It worked, and the rest happens elsewhere. */
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
    lead: 'It is signing in now. You can close this page.',
    icon: 'tick',
  },
  refused: {
    title: 'Stopped',
    lead: 'That sign-in will not complete. Nobody got in, and you can close this page.',
    icon: 'shield',
  },
  completed: {
    title: 'That device is signed in already',
    lead: 'It was approved before, so it is too late to stop it here. If that was not you, sign in and sign out everywhere, or ask the people behind this site to do it.',
    icon: 'shield',
  },
  sent: {
    title: 'Check your messages',
    lead: 'If you asked for a link, it is on its way. Open it, and press the button it shows.',
    icon: 'envelope',
  },
  'signed-out': {
    title: 'You are signed out',
    lead: 'Your session has ended, so nothing was done. Sign in, then do it again.',
    icon: 'door',
  },
}
