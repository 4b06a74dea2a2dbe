/** Parts of the pages on which one browser approves what another one asked for. */
import { type Html, html } from './html.ts'

/** What is known of the attempt: terms with their values, without those that are not known. */
export function factList(facts: readonly (readonly [string, string | undefined])[]): Html | false {
  const known = facts.filter(([, value]) => value !== undefined)
  if (known.length === 0) return false
  return html`<dl class="facts">
    ${known.map(
      ([term, value]) =>
        html`<dt>${term}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}

/**
 * The field for the code of the screen that waits, sent as `code`.
 *
 * @param hint where the code stands
 * @param mistaken whether what was typed is not the code
 */
export function codeField(hint: string, mistaken: boolean): Html {
  return html`<div class="field">
    <label for="code">Code on that screen</label>
    <p class="hint" id="hint">${hint}</p>
    ${
      mistaken &&
      html`<p class="mistake" id="mistake">
        That is not the code. Look at the screen where you started, and type it once more.
      </p>`
    }
    <input
      id="code"
      name="code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      pattern="[0-9]{4}"
      maxlength="4"
      required
      aria-describedby="${mistaken ? 'hint mistake' : 'hint'}"
      ${mistaken && html`aria-invalid="true" autofocus`}
    />
  </div>`
}
