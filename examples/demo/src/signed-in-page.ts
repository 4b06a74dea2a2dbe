import type { User } from '@linkpass/core'

/** The content of the signed-in page. Times are in milliseconds since the epoch. */
export interface SignedInModel {
  readonly userId: string
  /** Undefined if the user signed in before the demo was started. */
  readonly user: User | undefined
  /** When the session token was issued: at sign-in, or at the last refresh. */
  readonly signedInAt: number
  readonly expiresAt: number
  readonly now: number
  /** The inbox of the emulator, if there is one. */
  readonly inboxUrl: string | undefined
}

/** Shows the user, the end of the session token, and what to try next. Works without script. */
export function signedInPage(model: SignedInModel): string {
  const { userId, user, expiresAt, signedInAt, now, inboxUrl } = model
  // The service returns an empty text for unknown fields of a user.
  const name = [user?.name, user?.email, user?.phone].find(Boolean) ?? userId
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Signed in · Linkpass demo</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="${icon}">
    <link rel="stylesheet" href="/demo.css">
    <script src="/demo.js" defer></script>
  </head>
  <body>
    <main>
      <p class="greeting">You are signed in as</p>
      <h1>${escape(name)}</h1>
      <dl>
        <dt>User id</dt>
        <dd><code>${escape(userId)}</code></dd>
        <dt>This session token</dt>
        <dd>issued at ${time(signedInAt)}, ends at ${time(expiresAt)},
          <span data-left="${expiresAt - now}">${left(expiresAt - now)}</span></dd>
      </dl>
      <p>When it ends, the next page that you open gets a new one automatically. You stay
        signed in.</p>
      ${inboxUrl === undefined ? '' : tryIt(inboxUrl)}
      <div class="actions">
        <form method="post" action="/auth/logout"><button>Sign out</button></form>
        <form method="post" action="/auth/logout-all"><button>Sign out everywhere</button></form>
      </div>
    </main>
  </body>
</html>`
}

// In the page itself, so that browsers do not request /favicon.ico.
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0d6e5f"/><path d="m9 17 5 5 9-12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
)}`

function tryIt(inboxUrl: string): string {
  const inbox = escape(inboxUrl)
  return `<p>Try it: advance the clock by 15 minutes in
        <a href="${inbox}" target="_blank" rel="noopener">the inbox</a>, then reload this page. The
        <a href="${inbox}?tab=requests" target="_blank" rel="noopener">list of requests</a> then shows
        one refresh.</p>`
}

function time(at: number): string {
  const iso = new Date(at).toISOString()
  return `<time datetime="${iso}">${iso.slice(11, 19)} UTC</time>`
}

function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
