/**
 * What ended tokens: one session token, those that came with a refresh token, those of a user, or those
 * of everyone. In whole seconds.
 */
export type RevocationEntry =
  | { readonly kind: 'token'; readonly hash: string; readonly exp: number }
  | { readonly kind: 'refresh'; readonly hash: string }
  | { readonly kind: 'user'; readonly hash: string; readonly second: number }
  | { readonly kind: 'project'; readonly second: number }

/** The text of an entry in the log. Hashes are base64url, without a dot. */
export function textOf(entry: RevocationEntry): string {
  if (entry.kind === 'token') return `t.${entry.hash}.${entry.exp}`
  if (entry.kind === 'refresh') return `r.${entry.hash}`
  return entry.kind === 'user' ? `u.${entry.hash}.${entry.second}` : `p.${entry.second}`
}

/** The entry in a text; undefined for a kind that a later release has. */
export function entryIn(text: string): RevocationEntry | undefined {
  const [kind, hash = '', number = hash] = text.split('.')
  if (kind === 'r') return { kind: 'refresh', hash }
  const second = Number(number)
  if (!Number.isSafeInteger(second)) return undefined
  if (kind === 't') return { kind: 'token', hash, exp: second }
  if (kind === 'u') return { kind: 'user', hash, second }
  return kind === 'p' ? { kind: 'project', second } : undefined
}
