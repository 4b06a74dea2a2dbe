/** The parts of an Authorization header, as the service reads it. */
export interface Bearer {
  readonly projectId: string
  /** The second part: a refresh token, a session token, an access key or a management key. */
  readonly credential: string | undefined
  /** The last of three parts: a management key. */
  readonly trailingKey: string | undefined
}

/**
 * Splits `Bearer <projectId>[:<credential>][:<key>]`; undefined for any other header. No part can
 * contain a colon, so the number of parts is enough to tell them apart.
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
