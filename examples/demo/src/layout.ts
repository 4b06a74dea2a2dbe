/** The frame of the demo's own pages. */
export interface PageParts {
  readonly title: string
  /** HTML. */
  readonly body: string
}

/** A page of the demo. It works without script. */
export function layout({ title, body }: PageParts): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${escape(title)} · Linkpass demo</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="${icon}">
    <link rel="stylesheet" href="/demo.css">
    <script src="/demo.js" defer></script>
  </head>
  <body>
    <header class="brand"><span class="initial" aria-hidden="true">L</span> Linkpass demo</header>
    <main>
${body}
    </main>
  </body>
</html>`
}

/** A time of day in UTC, which the script shows in the time zone of the browser. */
export function time(at: number): string {
  const iso = new Date(at).toISOString()
  return `<time datetime="${iso}">${iso.slice(11, 19)} UTC</time>`
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Headers of the demo's own pages. */
export const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'strict-origin',
}

// In the page itself, so that browsers do not request /favicon.ico.
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0d6e5f"/><path d="m9 17 5 5 9-12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
)}`
