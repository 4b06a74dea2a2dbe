import { TokenError } from '../errors.ts'
import { stringOf } from '../model/grammar.ts'

export interface TokenHeader {
  readonly alg: string
  readonly kid: string
}

/** Whether this can be a key id, in a header or in a key set: printable, as it may be logged. */
export const isKeyId = stringOf(/^[\x21-\x7e]{1,256}$/)

/**
 * Parameters that supply a key, require processing that is not supported, or make the token something
 * other than a signed claims set (RFC 7515 section 4.1, RFC 7516, RFC 7797). They are rejected even
 * when the signature is valid: an issuer that starts to send one has changed what its tokens mean.
 */
const rejectedParameters = ['crit', 'b64', 'zip', 'enc', 'cty', 'jwk', 'jku', 'x5u', 'x5c'] as const

/**
 * Checks a token's header, before any key is looked up.
 *
 * In order: none of the rejected parameters; `typ` absent or `JWT`; `alg` exactly one of
 * `algorithms`; `kid` of 1 to 256 printable ASCII characters.
 *
 * @throws {TokenError} `ERR_TOKEN_MALFORMED`, with the parameter as `claim`
 */
export function checkHeader(
  header: Readonly<Record<string, unknown>>,
  algorithms: readonly string[],
): TokenHeader {
  const rejected = rejectedParameters.find((name) => Object.hasOwn(header, name))
  if (rejected !== undefined) {
    throw malformed(rejected, `The header parameter "${rejected}" is not accepted.`)
  }
  const { typ, alg, kid } = header
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT')) {
    throw malformed('typ', 'The header parameter "typ" is not "JWT".')
  }
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    throw malformed('alg', `The header parameter "alg" is not one of ${algorithms.join(', ')}.`)
  }
  if (!isKeyId(kid)) {
    throw malformed('kid', 'The header parameter "kid" is not 1 to 256 printable ASCII characters.')
  }
  return { alg, kid }
}

function malformed(claim: string, message: string): TokenError {
  return new TokenError('ERR_TOKEN_MALFORMED', message, { claim })
}
