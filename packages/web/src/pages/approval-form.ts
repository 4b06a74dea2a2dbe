/** Parts of the pages on which one browser approves what another one asked for. */
import { type Fragment, type Html, html } from './html.ts'
import type { MessageKey } from './messages/en.ts'
import type { Texts } from './messages/texts.ts'

/** What is known of a request that another browser made. */
export interface RequestFacts {
  /** The account, masked. */
  readonly account?: string | undefined
  /** The browser, such as `Firefox on Linux`. */
  readonly browser?: string | undefined
  /** How long ago it was made. */
  readonly secondsAgo?: number | undefined
}

/** The facts that are known, as a list. */
export function requestFacts(texts: Texts, { account, browser, secondsAgo }: RequestFacts): Html {
  return factList(texts, {
    'request.account': account,
    'request.from': browser && browserText(texts, browser),
    'request.when': secondsAgo === undefined ? undefined : whenText(texts, secondsAgo),
  })
}

/** Terms with their values, without those that are not known. */
export function factList(
  { text }: Texts,
  facts: Readonly<Partial<Record<FactKey, Fragment>>>,
): Html {
  const keys: readonly FactKey[] = [
    ...(['request.account', 'request.newEmail', 'request.newPhone'] as const),
    ...(['request.from', 'request.when'] as const),
  ]
  const known = keys.filter((key) => facts[key] !== undefined)
  if (known.length === 0) return html``
  return html`<dl class="facts">
    ${known.map(
      (key) =>
        html`<dt>${text(key)}</dt>
          <dd>${facts[key]}</dd>`,
    )}
  </dl>`
}

type FactKey = Extract<
  MessageKey,
  `request.${'account' | 'from' | 'when' | 'newEmail' | 'newPhone'}`
>

// It was named in English when the request was made, and no name of a browser has the word in it.
function browserText({ text }: Texts, name: string): Fragment {
  const [browser = '', system] = name.split(' on ', 2)
  return system === undefined ? browser : text('request.browser', { browser, system })
}

function whenText({ text, ago }: Texts, secondsAgo: number): Fragment {
  return secondsAgo < 60 ? text('request.justNow') : ago(secondsAgo)
}

/**
 * The field for the code of the screen that waits, sent as `code`.
 *
 * @param hint where the code stands
 * @param mistaken whether what was typed is not the code
 */
export function codeField({ text }: Texts, hint: Html, mistaken: boolean): Html {
  return html`<div class="field">
    <label for="code">${text('code.label')}</label>
    <p class="hint" id="hint">${hint}</p>
    ${mistaken && html`<p class="mistake" id="mistake">${text('code.mistake')}</p>`}
    <input
      id="code"
      name="code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      pattern="[\\p{Nd}\\s\\-]{4,12}"
      maxlength="12"
      required
      aria-describedby="${mistaken ? 'hint mistake' : 'hint'}"
      ${mistaken && html`aria-invalid="true" autofocus`}
    />
  </div>`
}
