// Shorter values are no secrets, and would be found everywhere.
const minLength = 12

/** The secrets of a run, so that none is printed, and so that they are found in the app's output. */
export class Secrets {
  /** The kind of each secret, such as "session token". */
  readonly #kinds = new Map<string, string>()
  /** The kinds that the app may print. */
  readonly #harmless = new Set<string>()

  /** Remembers a value that is not printed, but that the app may print. */
  addHarmless(value: string, kind: string): void {
    this.#harmless.add(kind)
    this.add(value, kind)
  }

  /** Remembers a secret. Of a JWT, the signature too: without it the rest is of no use. */
  add(value: string, kind: string): void {
    const signature = /^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/.exec(value)?.[1]
    for (const secret of [value, signature, encodeURIComponent(value)]) {
      if (secret !== undefined && secret.length >= minLength && !this.#kinds.has(secret)) {
        this.#kinds.set(secret, kind)
      }
    }
  }

  /** The text with every secret replaced by its kind in brackets. */
  redact(text: string): string {
    let redacted = text
    // Longest first, so that a JWT is replaced before its signature.
    const longestFirst = [...this.#kinds].sort(([a], [b]) => b.length - a.length)
    for (const [secret, kind] of longestFirst) redacted = redacted.replaceAll(secret, `[${kind}]`)
    return redacted
  }

  /** The lines of a text that hold a secret, redacted, and the kinds of their secrets. */
  findIn(text: string): readonly { readonly kind: string; readonly line: string }[] {
    const found = new Map<string, string>()
    for (const line of text.split('\n')) {
      for (const [secret, kind] of this.#kinds) {
        if (this.#harmless.has(kind) || found.has(kind) || !line.includes(secret)) continue
        found.set(kind, this.redact(line))
      }
    }
    return Array.from(found, ([kind, line]) => ({ kind, line: printable(line) }))
  }
}

/** The beginning of a line of a terminal, without colours and other control characters. */
function printable(line: string): string {
  return line
    .replace(/\p{Cc}\[[\d;]*m|\p{Cc}/gu, '')
    .trim()
    .slice(0, 200)
}
