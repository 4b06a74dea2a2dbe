import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { ServiceErrorDetails } from '../errors.ts'

/** What became of a refresh token, for others who present it: its successors, or a refusal. */
export type Successor =
  | { readonly sessionJwt: string; readonly refreshJwt: string }
  | { readonly refusal: ServiceErrorDetails }

const ivLength = 12
const tagLength = 16

/**
 * Encrypts a successor so that only a holder of the refresh token can read it: AES-256-GCM, the
 * key derived from the whole token by HKDF-SHA-256 (RFC 5869). Reading the store signs nobody in.
 */
export function sealRefreshResult(refreshJwt: string, successor: Successor): string {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', keyFrom(refreshJwt), iv)
  const text = Buffer.concat([cipher.update(JSON.stringify(successor), 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
}

/** The successor in a sealed value, or undefined when it was not sealed with this refresh token. */
export function openRefreshResult(refreshJwt: string, sealed: string): Successor | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length <= ivLength + tagLength) return undefined
  const options = { authTagLength: tagLength }
  const iv = bytes.subarray(0, ivLength)
  const decipher = createDecipheriv('aes-256-gcm', keyFrom(refreshJwt), iv, options)
  decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength))
  try {
    const text = Buffer.concat([
      decipher.update(bytes.subarray(ivLength + tagLength)),
      decipher.final(),
    ])
    // The tag was good, so this is what sealRefreshResult wrote.
    const successor: Successor = JSON.parse(text.toString('utf8'))
    return successor
  } catch {
    return undefined
  }
}

function keyFrom(refreshJwt: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', refreshJwt, '', 'linkpass refresh successor 1', 32))
}
