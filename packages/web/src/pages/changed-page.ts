import { html } from './html.ts'
import { type Page, address, linkButton } from './layout.ts'

/** What was changed by a link that was opened in another browser than the one that requested it. */
export interface ChangedModel {
  readonly changed: 'email' | 'phone'
  /** The new address or number, masked. */
  readonly address: string
  /** The address or number by which the account is known, masked. */
  readonly account: string
  /** Where the app begins. */
  readonly homeUrl: string
}

/** The page after a change that was confirmed in another browser. It signs no user in. */
export function changedPage(model: ChangedModel): Page {
  const { changed, account, homeUrl } = model
  return ({ text }, { brand }) => {
    const app = brand.name
    const values = { app, account: address(account), address: address(model.address) }
    return {
      title: text(`changed.${changed}Title`),
      icon: 'tick',
      body: html`
        <p class="lead">${text(`changed.${changed}Lead`, values)}</p>
        <p>${text('changed.goBack')}</p>
        ${linkButton(homeUrl, text('action.goToApp', { app }))}
      `,
      aside: html`<p>${text('changed.notYours')}</p>`,
    }
  }
}
