/**
 * The token of an `Authorization` header with the Bearer scheme (RFC 6750 section 2.1), as it stands
 * there; `''` for the scheme alone, undefined for no header or another scheme. Pure.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return undefined
  // Spaces may be several. What is no space belongs to the token, which it spoils.
  return authorization.slice('bearer'.length).replace(/^ +/, '')
}
