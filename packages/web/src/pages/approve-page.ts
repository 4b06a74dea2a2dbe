import { type RequestFacts, codeField, requestFacts } from './approval-form.ts'
import { html } from './html.ts'
import { type FormTarget, type Page, hiddenFields, lifetimeLine, strong } from './layout.ts'

/** What the approval page shows: what is known of the attempt, its account masked. */
export interface ApproveModel extends RequestFacts {
  /** Sends `decision=approve` or `decision=refuse` besides the target's own fields. */
  readonly decide: FormTarget
  /** Whether the code of the waiting screen must be typed to approve, sent as `code`. */
  readonly asksCode?: boolean
  /** Whether what was typed is not the code. */
  readonly mistaken?: boolean
  /** How long the link lives, where that is known. */
  readonly lifetimeMinutes?: number | undefined
}

/**
 * The page behind a numbered link of an enchanted mail. It shows what is known of the attempt. Only the
 * button approves, so that a scanner that opens all three links approves nothing (T-31). The code keeps a
 * scanner that submits forms from approving too, since it stands only on the waiting screen.
 */
export function approvePage(model: ApproveModel): Page {
  const { decide, asksCode = false, mistaken = false } = model
  return (texts, { brand }) => ({
    title: texts.text('approve.title'),
    icon: 'shield',
    body: html`
      <p class="lead">${texts.text('approve.lead', { app: strong(brand.name) })}</p>
      ${requestFacts(texts, model)}
      <p>${texts.text('approve.question')}</p>
      <form method="post" action="${decide.action}">
        ${hiddenFields(decide)}
        ${asksCode && codeField(texts, texts.text('approve.codeHint'), mistaken)}
        <button class="primary" name="decision" value="approve">
          ${texts.text('approve.yes')}
        </button>
        <button class="secondary" name="decision" value="refuse" formnovalidate>
          ${texts.text('approve.no')}
        </button>
      </form>
    `,
    aside: lifetimeLine(texts, model.lifetimeMinutes),
  })
}
