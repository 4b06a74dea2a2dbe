import { codeField, factList } from './approval-form.ts'
import { html } from './html.ts'
import { type FormTarget, type PageSite, hiddenFields, layout } from './layout.ts'
import { lifetimeLine } from './lifetime-line.ts'

/** What the approval page shows. */
export interface ApproveModel {
  /** Sends `decision=approve` or `decision=refuse` besides the target's own fields. */
  readonly decide: FormTarget
  /** Whether the code of the waiting screen must be typed to approve, sent as `code`. */
  readonly asksCode?: boolean
  /** Whether what was typed is not the code. */
  readonly mistaken?: boolean
  /** The address of the user who would be signed in, masked, where that is known. */
  readonly address?: string
  /** The browser that made the attempt ("Firefox on Linux"), where that is known. */
  readonly browser?: string
  /** When it made the attempt ("2 minutes ago"), where that is known. */
  readonly startedAt?: string
  /** How long the link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/**
 * The page behind a numbered link of an enchanted mail. It shows what is known of the attempt. Only the
 * button approves, so that a scanner that opens all three links approves nothing (T-31). The code keeps a
 * scanner that submits forms from approving too, since it stands only on the waiting screen.
 */
export function approvePage(site: PageSite, model: ApproveModel): string {
  return layout(site, {
    title: 'Is this you signing in?',
    icon: 'shield',
    body: html`
      <p class="lead">
        Another device is waiting to sign in to <strong>${site.brand.name}</strong>.
      </p>
      ${factList([
        ['Account', model.address],
        ['Requested from', model.browser],
        ['When', model.startedAt],
      ])}
      <p>Does the screen where you started show the number that you chose?</p>
      <form method="post" action="${model.decide.action}">
        ${hiddenFields(model.decide)}
        ${model.asksCode === true && codeField(codeHint, model.mistaken === true)}
        <button class="primary" name="decision" value="approve">Yes, sign that device in</button>
        <button class="secondary" name="decision" value="refuse" formnovalidate>
          No, this was not me
        </button>
      </form>
    `,
    aside: lifetimeLine(model.lifetimeMinutes),
  })
}

const codeHint = 'Four digits. They appeared there when you opened this link.'
