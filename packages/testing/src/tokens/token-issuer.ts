/** Issues tokens of a project whose key the test holds, so that a test can set any claim. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { projectId } from './keys.ts'

export interface TokenIssuer {
  /** For the client's `publicKey`. */
  readonly publicKey: object
  /** A session token that is valid now, with these claims in place of the usual ones. */
  session(claims?: Record<string, unknown>): Promise<string>
  /** A refresh token, likewise. */
  refresh(claims?: Record<string, unknown>): Promise<string>
}

/** Makes a fresh key pair, and tokens signed by it. */
export async function createTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'K1', alg: 'RS256', use: 'sig' }
  const issue = (drn: string, claims: Record<string, unknown>): Promise<string> => {
    const now = Math.floor(Date.now() / 1000)
    const usual = { iss: projectId, sub: 'U1', iat: now, exp: now + 600, drn }
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'K1', typ: 'JWT' })
      .sign(privateKey)
  }
  return {
    publicKey: jwk,
    session: (claims = {}) => issue('DS', claims),
    refresh: (claims = {}) => issue('DSR', claims),
  }
}
