import { TokenError } from '../errors.ts'

/** What a token's header says about its key. */
export interface TokenHeader {
  readonly alg: string
  readonly kid: string
}

// Printable ASCII: a key id is looked up and may be logged, and nothing else should be in it.
const keyIdPattern = /^[\x21-\x7e]{1,256}$/

/**
 * Parameters that would bring a key along, ask for processing we do not do, or make it something
 * other than a signed claims set (RFC 7515 section 4.1, RFC 7516, RFC 7797). Refused even when the
 * signature is good: an issuer that starts to send one has changed what its tokens mean.
 */
const refusedParameters = ['crit', 'b64', 'zip', 'enc', 'cty', 'jwk', 'jku', 'x5u', 'x5c'] as const

/** Whether this can be a key id, in a header or in a key set. */
export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && keyIdPattern.test(value)
}

/**
 * Judges a token's header, before any key is looked at.
 *
 * In order: none of the refused parameters, `typ` absent or `JWT`, `alg` one of `algorithms` to
 * the letter, `kid` 1 to 256 printable ASCII characters.
 *
 * @throws {TokenError} `ERR_TOKEN_MALFORMED`, with the parameter as `claim`
 */
export function checkHeader(
  header: Readonly<Record<string, unknown>>,
  algorithms: readonly string[],
): TokenHeader {
  for (const name of refusedParameters) {
    if (Object.hasOwn(header, name)) throw refused(name, `A token may not carry "${name}".`)
  }
  const { typ, alg, kid } = header
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT')) {
    throw refused('typ', 'The header parameter "typ" must be "JWT" or absent.')
  }
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    throw refused('alg', `The header parameter "alg" must be one of ${algorithms.join(', ')}.`)
  }
  if (!isKeyId(kid)) {
    throw refused('kid', 'The header parameter "kid" must be a short string of printable ASCII.')
  }
  return { alg, kid }
}

function refused(claim: string, message: string): TokenError {
  return new TokenError('ERR_TOKEN_MALFORMED', message, { claim })
}
