/** What an Authorization header of the service says. */
export interface Bearer {
  readonly projectId: string
  /** The second part: a refresh token, a session token, an access key or a management key. */
  readonly credential: string | undefined
  /** The last of three parts, or the second one when it is clearly no JWT: a management key. */
  readonly trailingKey: string | undefined
}

/**
 * Splits `Bearer <projectId>[:<credential>][:<key>]`. Pure; undefined when it is anything else.
 * No part can hold a colon, so the number of parts tells them apart.
 */
export function parseBearer(header: string | undefined): Bearer | undefined {
  const match = /^Bearer +(\S+)$/i.exec(header ?? '')
  const parts = match?.[1]?.split(':') ?? []
  const [projectId, credential, trailingKey] = parts
  if (projectId === undefined || projectId === '' || parts.length > 3) return undefined
  return { projectId, credential: credential || undefined, trailingKey: trailingKey || undefined }
}

/** Whether a bearer part has the three parts of a JWT. */
export function looksLikeJwt(part: string): boolean {
  return part.split('.').length === 3
}
