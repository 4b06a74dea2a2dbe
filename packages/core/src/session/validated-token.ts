import type { TokenClaims, ValidatedToken } from '../model/claims.ts'
import { Redacted } from '../model/redact.ts'
import { createDecodeBuffer } from '../jwt/decode-buffer.ts'

/** A checked token and its claims as callers get them: frozen, and without secrets in print. */
export function validatedToken(jwt: string, token: TokenClaims): ValidatedToken {
  return Object.freeze(new Validated(jwt, token))
}

// A class and not a literal that is copied: one is made for every new token.
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
 * A copy of ASCII text that is not a slice, for what is kept: a token cut from a Cookie header would
 * keep all of that alive. Any other character would come out as another one.
 */
export function flat(ascii: string): string {
  return decode(ascii, 'latin1').toString('latin1')
}
