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
