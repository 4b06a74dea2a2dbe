import { html } from './html.ts'
import { type FormTarget, type PageSite, hiddenFields, layout } from './layout.ts'
import { lifetimeLine } from './lifetime-line.ts'

/** What the approval page shows to judge by. */
export interface ApproveModel {
  /** Gets `decision=approve` or `decision=refuse` besides the target's own fields. */
  readonly decide: FormTarget
  /** Who would be signed in, masked, where that is known. */
  readonly address?: string
  /** Which browser asked, as people call it ("Firefox on Linux"), where that is known. */
  readonly browser?: string
  /** When it asked, as people say it ("2 minutes ago"), where that is known. */
  readonly startedAt?: string
  /** How long the link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/**
 * A numbered link of an enchanted mail was opened. It shows all there is to judge by; only the
 * button approves, so that a scanner which opens all three links approves nothing (T-31).
 */
export function approvePage(site: PageSite, model: ApproveModel): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Account', model.address],
    ['Asked from', model.browser],
    ['When', model.startedAt],
  ]
  const known = facts.filter(([, value]) => value !== undefined)
  return layout(site, {
    title: 'Is this you signing in?',
    icon: 'shield',
    body: html`
      <p class="lead">
        Another device is waiting to sign in to <strong>${site.brand.name}</strong>.
      </p>
      ${
        known.length > 0 &&
        html`<dl class="facts">
          ${known.map(
            ([term, value]) =>
              html`<dt>${term}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>`
      }
      <p>Does the screen where it began show the very number you pressed?</p>
      <form method="post" action="${model.decide.action}">
        ${hiddenFields(model.decide)}
        <button class="primary" name="decision" value="approve">Yes, sign that device in</button>
        <button class="secondary" name="decision" value="refuse">No, this was not me</button>
      </form>
    `,
    aside: lifetimeLine(model.lifetimeMinutes),
  })
}
