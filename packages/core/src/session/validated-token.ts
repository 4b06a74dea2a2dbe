import { createDecodeBuffer } from '../jwt/decode-buffer.ts'
import type { TokenClaims, ValidatedToken } from '../model/claims.ts'
import { Redacted } from '../model/redact.ts'

/** A verified token and its claims as callers get them: frozen, and redacted when printed. */
export function validatedToken(jwt: string, token: TokenClaims): ValidatedToken {
  return Object.freeze(new Validated(jwt, token))
}

// A class rather than a copied literal, because one is created for every new token.
class Validated extends Redacted implements ValidatedToken {
  declare readonly jwt: string
  declare readonly token: TokenClaims

  constructor(jwt: string, token: TokenClaims) {
    super()
    this.jwt = jwt
    this.token = token
  }
}

const decode = createDecodeBuffer()

/**
 * A copy of ASCII text that is not a slice of another string, for text that is kept: a token cut out
 * of a Cookie header would keep the whole header alive. Other characters are not preserved.
 */
export function flat(ascii: string): string {
  return decode(ascii, 'latin1').toString('latin1')
}
