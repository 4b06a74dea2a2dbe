import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

export type Sealer = ReturnType<typeof createSealer>

/** The number of the format of sealed and stored values that this release writes. */
export const currentFormat = 1

/** The numbers of the formats that a release reads: its own, and those of its neighbours. */
export function formatsRead(own: number): readonly number[] {
  return [own, own - 1, own + 1]
}

const ivLength = 12
const tagLength = 16

/**
 * Encrypts and authenticates data that is kept outside this process, in a browser or in the store,
 * for one purpose at a time.
 *
 * The format is a compact JWE (RFC 7516) with `dir` and `A256GCM`, so any JOSE library opens it. Its `kid` is
 * the number of the format, so that releases next to each other read what either wrote. It uses `node:crypto`
 * because that is synchronous: setting a cookie, and deciding who sent a request, need no promise.
 *
 * @param secrets of at least 32 bytes. The first one seals, all of them open. To rotate, list the new secret
 *   last, then first, then (a day later) alone; each step on every instance before the next
 * @param scope what the sealed data belongs to, such as a project and an app: data that was sealed in
 *   one scope cannot be opened in another
 * @param format the number of the format to write. Those of its neighbours are opened, too
 */
export function createSealer(secrets: Secrets, scope: string = '', format: number = currentFormat) {
  const keysFor = cachedKeys(secrets, scope)
  const seal = (purpose: string, content: string | Uint8Array, bound?: string): string =>
    encrypt(format, keysFor('seal', purpose, bound, format)[0], content)
  function open(purpose: string, sealed: string, bound?: string): Buffer | undefined {
    const number = formatsRead(format).find((one) => isOfFormat(sealed, one))
    if (number === undefined) return undefined
    for (const key of keysFor('seal', purpose, bound, number)) {
      const content = decrypt(key, sealed)
      if (content !== undefined) return content
    }
    return undefined
  }
  return {
    /**
     * Seals JSON data under the first secret.
     *
     * @param bound a second secret, which is then required to open it
     */
    seal: (purpose: string, data: unknown, bound?: string): string =>
      seal(purpose, JSON.stringify(data), bound),
    /** The data, if it was sealed for the same purpose under any of the secrets; else undefined. */
    open(purpose: string, sealed: string, bound?: string): unknown {
      const content = open(purpose, sealed, bound)
      return content && JSON.parse(content.toString('utf8'))
    },
    /** Seals bytes under the first secret, for a purpose that no JSON data has. */
    sealBytes: (purpose: string, bytes: Uint8Array): string => seal(purpose, bytes),
    /** The bytes, by the same rule. */
    openBytes: (purpose: string, sealed: string): Buffer | undefined => open(purpose, sealed),
    /**
     * A keyed hash of `text` (HMAC-SHA256, base64url), which reveals nothing without the secret. It
     * depends on the first secret, so it changes when secrets rotate.
     */
    fingerprint: (purpose: string, text: string): string =>
      hmac(keysFor('hmac', purpose)[0], text).toString('base64url'),
    /** The hash of `text` under each of the secrets; `fingerprint` is the first. */
    fingerprints: (purpose: string, text: string): readonly string[] =>
      keysFor('hmac', purpose).map((key) => hmac(key, text).toString('base64url')),
    /** The first `length` bytes of an HMAC-SHA256 of `bytes`, under the first secret. */
    tag: (purpose: string, bytes: Uint8Array, length: number): Buffer =>
      hmac(keysFor('tag', purpose)[0], bytes).subarray(0, length),
    /** Whether `tag` is one of these bytes under any of the secrets; in constant time. */
    hasTag: (purpose: string, bytes: Uint8Array, tag: Uint8Array): boolean =>
      keysFor('tag', purpose).some((key) =>
        timingSafeEqual(hmac(key, bytes).subarray(0, tag.length), tag),
      ),
  }
}

/** The hash that stands for a random value in the store: the same on every instance, whatever its secrets. */
export function hashRandom(value: string): string {
  return createHash('sha256').update(`random\0${value}`).digest('base64url')
}

type Secrets = readonly [string, ...string[]]
type Keys = readonly [Buffer, ...Buffer[]]
type Use = 'seal' | 'hmac' | 'tag'

/**
 * One key per use, purpose and format of sealed values (RFC 5869): no key serves two algorithms, and data
 * sealed for one purpose is never accepted for another. Keys that are bound to a second secret are not kept.
 */
function cachedKeys(
  secrets: Secrets,
  scope: string,
): (use: Use, purpose: string, bound?: string, format?: number) => Keys {
  const cached = new Map<string, Keys>()
  // `info` is limited to 1,024 bytes in Node, so the scope goes in as a hash.
  const scopeHash = createHash('sha256').update(scope).digest('base64url')
  // What is not sealed is the same in every format.
  return (use, purpose, bound, format = 1) => {
    const info = `linkpass ${format} ${use} ${purpose} ${scopeHash}`
    if (bound !== undefined) return deriveKeys(secrets, info, bound)
    const keys = cached.get(info) ?? deriveKeys(secrets, info, '')
    cached.set(info, keys)
    return keys
  }
}

// HKDF takes a salt of any length.
function deriveKeys(secrets: Secrets, info: string, salt: string): Keys {
  const derive = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, salt, info, 32))
  const [first, ...rest] = secrets
  return [derive(first), ...rest.map(derive)]
}

function hmac(key: Buffer, data: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

function headerOf(format: number): string {
  return Buffer.from(`{"alg":"dir","enc":"A256GCM","kid":"${format}"}`).toString('base64url')
}

function isOfFormat(sealed: string, format: number): boolean {
  return sealed.startsWith(`${headerOf(format)}..`)
}

function encrypt(format: number, key: Buffer, content: string | Uint8Array): string {
  const header = headerOf(format)
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
  cipher.setAAD(Buffer.from(header))
  const sealed = Buffer.concat([cipher.update(Buffer.from(content)), cipher.final()])
  const parts = [iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return `${header}..${parts.join('.')}`
}

function decrypt(key: Buffer, sealed: string): Buffer | undefined {
  const [header = '', , ...parts] = sealed.split('.')
  if (parts.length !== 3) return undefined
  const [iv, text, tag] = parts.map((part) => decode(part))
  if (iv?.length !== ivLength || tag?.length !== tagLength || text === undefined) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(header))
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(text), decipher.final()])
  } catch {
    // Sealed under another secret, or changed: the next key may still open it.
    return undefined
  }
}

// Node's decoder is lenient: with padding, unused bits or other characters, a value has many spellings.
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}
