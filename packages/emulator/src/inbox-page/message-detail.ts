import { html } from 'hono/html'
import type { ScanReport } from '../visitors/scan.ts'
import type { Message, MessageLink } from '../world/messages/message.ts'
import { scanReport } from './scan-report.ts'
import type { Markup } from './layout.ts'
import { type View, addressOf } from './view.ts'
import { ago, describeMessage, duration, linkStates, messageState } from './format.ts'

/** One message, starting with its links. */
export function messageDetail(
  view: View,
  message: Message,
  now: number,
  report: ScanReport | undefined,
): Markup {
  return html`<article class="message" id="pane" aria-labelledby="subject">
    <p class="back"><a href="${addressOf(view, { messageId: undefined })}">All messages</a></p>
    <h2 id="subject">${message.subject}</h2>
    <p class="meta">
      to <strong>${message.to}</strong>, ${ago(message.createdAt, now)}<br />
      ${describeMessage(message)}
    </p>
    <div id="links">
      ${
        message.kind === 'enchanted-link'
          ? numberedLinks(message, now)
          : singleLink(message.links[0], now)
      }
    </div>
    ${scanner(view, message, report)}
    ${message.channel === 'email' ? emailText(message) : phoneText(message)} ${asJson(message)}
    ${asTest(message)}
  </article>`
}

function singleLink(link: MessageLink | undefined, now: number): Markup {
  if (link === undefined) return html``
  const unused = link.state === 'unused'
  const actions = html`<p class="actions">
      ${
        opensPage(link)
          ? html`<a
              id="open"
              class="${unused ? 'open' : 'reopen'}"
              href="${link.url}"
              target="_blank"
              rel="noopener"
              >${unused ? 'Open link' : 'Open it anyway'}</a
            >`
          : ''
      }
      ${copyButton(link.url, 'Copy link')}
    </p>
    ${opensPage(link) ? '' : opensApp}`
  const url = html`<p class="url"><code>${link.url}</code></p>`
  // What can still be done comes first; of a link that does not work any more, why it does not.
  return unused
    ? html`<div class="link">${actions} ${url} ${tokenState(link, now)}</div>`
    : html`<div class="link">${tokenState(link, now)} ${url} ${actions}</div>`
}

function numberedLinks(message: Message, now: number): Markup {
  return html`<ol class="numbers">
      ${message.links.map(
        (link) =>
          html`<li class="${link.state}">
            ${
              opensPage(link)
                ? html`<a
                    id="open-${link.number}"
                    href="${link.url}"
                    target="_blank"
                    rel="noopener"
                    aria-label="Open link ${link.number}${link.state === 'unused' ? '' : `, ${link.state}`}"
                    >${link.number}</a
                  >`
                : html`<b>${link.number}</b>`
            }
            ${tokenState(link, now)}
          </li>`,
      )}
    </ol>
    ${message.links.every(opensPage) ? '' : opensApp}
    <details id="answer">
      <summary>Which number is right?</summary>
      <p>
        <strong>${message.linkId}</strong>. The page where the sign-in was started shows it too.
      </p>
    </details>`
}

function tokenState(link: MessageLink, now: number): Markup {
  const { shape, word } = linkStates[link.state]
  return html`<p class="state ${link.state}">
    <span aria-hidden="true">${shape}</span> ${word}${
      link.state === 'unused'
        ? html`,
            <span data-expires-at="${link.expiresAt}">${duration(link.expiresAt - now)}</span> left`
        : ''
    }
  </p>`
}

function emailText(message: Message): Markup {
  return html`<pre class="email-text" tabindex="0" aria-label="Text of the message">
${message.text}</pre>`
}

function phoneText(message: Message): Markup {
  return html`<div class="phone"><p class="bubble">${message.text}</p></div>`
}

function asJson(message: Message): Markup {
  const json = JSON.stringify(message, undefined, 2)
  return html`<details id="json">
    <summary>JSON</summary>
    <pre tabindex="0" aria-label="The message as JSON">${json}</pre>
    ${copyButton(json, 'Copy JSON')}
  </details>`
}

function asTest({ to, kind }: Message): Markup {
  const line =
    kind === 'enchanted-link'
      ? 'const right = mail.links.find((link) => link.number === mail.linkId)'
      : 'const [link] = mail.links'
  const code = `const mail = await emulator.inbox.waitFor({ to: ${JSON.stringify(to)} })\n${line}`
  return html`<details id="test">
    <summary>In a test</summary>
    <pre tabindex="0" aria-label="Code that reads this message in a test">${code}</pre>
    ${copyButton(code, 'Copy code')}
  </details>`
}

// The report stays until the page is reloaded: it cannot be created again from the inbox.
function scanner(view: View, message: Message, report: ScanReport | undefined): Markup {
  return html`<details id="scanner" ${report === undefined ? '' : 'open'}>
    <summary>What would a mail scanner do?</summary>
    <p>
      Security software opens the links of an email before the user does. The scanner drill opens
      them in the same ways and reports whether your app redeemed the link.
    </p>
    ${scanForm(view, message, report)}
    <div id="report-${message.id}" data-keep>${report === undefined ? '' : scanReport(report)}</div>
  </details>`
}

function scanForm(view: View, message: Message, report: ScanReport | undefined): Markup {
  if (messageState(message) === 'unused') {
    return html`<form method="post" action="${addressOf(view, { messageId: message.id })}">
      <button name="scan" value="${message.id}">Scan this message</button>
    </form>`
  }
  if (report !== undefined) return html``
  return html`<p>It needs a message whose links are unused: send a new one.</p>`
}

function copyButton(text: string, label: string): Markup {
  // Copying needs script, so the script shows the button.
  return html`<button type="button" class="copy" data-copy="${text}" hidden>${label}</button>`
}

const opensApp = html`<p>
  It opens an app, and not a page: open the URL on the device that the app is on.
</p>`

// An app can send any redirect; only an http or https URL becomes a link.
function opensPage({ url }: MessageLink): boolean {
  return /^https?:\/\//.test(url)
}
