/** A cookie as a browser stores it. */
export interface StoredCookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly domain: string | undefined
  readonly secure: boolean
  readonly httpOnly: boolean
  /** Undefined if the app did not set it; browsers then take `lax`. */
  readonly sameSite: 'lax' | 'strict' | 'none' | undefined
}

/** The cookies of one browser for one app. It keeps every cookie; what is wrong with one is for a check. */
export class CookieJar {
  readonly #cookies: Map<string, StoredCookie>

  constructor(cookies: Iterable<StoredCookie> = []) {
    this.#cookies = new Map(Array.from(cookies, (cookie) => [cookie.name, cookie]))
  }

  all(): readonly StoredCookie[] {
    return [...this.#cookies.values()]
  }

  get(name: string): StoredCookie | undefined {
    return this.#cookies.get(name)
  }

  /** Stores a Set-Cookie line, or deletes the cookie if the line says so. */
  keep(line: string): void {
    const cookie = parseSetCookie(line)
    if (cookie === undefined) return
    if (cookie.deleted) this.#cookies.delete(cookie.name)
    else this.#cookies.set(cookie.name, cookie)
  }

  /** Replaces the value of a known cookie; its attributes stay. */
  replace(name: string, value: string): void {
    const known = this.#cookies.get(name)
    if (known !== undefined) this.#cookies.set(name, { ...known, value })
  }

  delete(name: string): void {
    this.#cookies.delete(name)
  }

  /** The Cookie header for a path; a POST from another site has only cookies with SameSite=None. */
  header(path: string, crossSitePost = false): string {
    return this.all()
      .filter((cookie) => isSentTo(cookie, path) && (!crossSitePost || cookie.sameSite === 'none'))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }
}

/** Whether a browser sends the cookie to this path (RFC 6265 section 5.1.4). */
export function isSentTo(cookie: StoredCookie, path: string): boolean {
  const prefix = cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`
  return path === cookie.path || path.startsWith(prefix)
}

/** Parses a Set-Cookie line; `deleted` if it ends the cookie. Undefined if it has no name. */
export function parseSetCookie(
  line: string,
): (StoredCookie & { readonly deleted: boolean }) | undefined {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  if (at <= 0) return undefined
  const given = new Map(
    attributes.map((attribute) => {
      const [name = '', ...value] = attribute.split('=')
      return [name.trim().toLowerCase(), value.join('=').trim()]
    }),
  )
  const sameSite = given.get('samesite')?.toLowerCase()
  const path = given.get('path') ?? '/'
  const maxAge = given.get('max-age')
  const expires = Date.parse(given.get('expires') ?? '')
  return {
    name: pair.slice(0, at).trim(),
    value: pair.slice(at + 1).trim(),
    path: path.startsWith('/') ? path : '/',
    domain: given.get('domain') || undefined,
    secure: given.has('secure'),
    httpOnly: given.has('httponly'),
    sameSite:
      sameSite === 'lax' || sameSite === 'strict' || sameSite === 'none' ? sameSite : undefined,
    deleted: maxAge ? Number(maxAge) <= 0 : expires <= Date.now(),
  }
}
