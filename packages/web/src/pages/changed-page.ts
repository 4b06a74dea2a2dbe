import { html } from './html.ts'
import { type PageSite, layout } from './layout.ts'

/** What was changed by a link that was opened in another browser than the one that requested it. */
export interface ChangedModel {
  readonly changed: 'email' | 'phone'
  /** The new address or number, masked. */
  readonly address: string
  /** The address or number by which the account is known, masked. */
  readonly account: string
}

/** The page after a change that was confirmed in another browser. It signs no user in. */
export function changedPage(site: PageSite, { changed, address, account }: ChangedModel): string {
  const thing = changed === 'email' ? 'address' : 'number'
  return layout(site, {
    title: `The ${thing} was changed`,
    icon: 'tick',
    body: html`
      <p class="lead">
        The account <strong class="address">${account}</strong> of ${site.brand.name} now has the
        ${thing} <strong class="address">${address}</strong>.
      </p>
      <p>
        You were not signed in on this device. Go back to the device where you requested the change,
        or close this page.
      </p>
    `,
    aside: html`<p>Not your account? Contact the operator of this site.</p>`,
  })
}
