/** The claims of a token of the service, unverified; undefined for other text. */
export function readToken(value: string): { drn: string; sub: string | undefined } | undefined {
  const [, payload] = /^eyJ[\w-]+\.([\w-]+)\.[\w-]+$/.exec(value) ?? []
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    if (typeof claims !== 'object' || claims === null || !('drn' in claims)) return undefined
    const sub = 'sub' in claims && typeof claims.sub === 'string' ? claims.sub : undefined
    return { drn: String(claims.drn), sub }
  } catch {
    return undefined
  }
}

/** The tokens of sessions in a text, by their kind. */
export function sessionTokensIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [token] of text.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) {
    const drn = readToken(token)?.drn
    if (drn === 'DS') found.set('session token', token)
    if (drn === 'DSR') found.set('refresh token', token)
  }
  return found
}
