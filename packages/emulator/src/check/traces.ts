import type { SignedInUser } from '../world/sessions/sign-in.ts'
import { parseSetCookie } from './cookie-jar.ts'
import { readToken, sessionTokensIn } from './read-token.ts'
import type { Secrets } from './secrets.ts'

/** What the run has seen of users and secrets: by it, pages name a user, and no output has a secret. */
export class Traces {
  readonly #secrets: Secrets
  /** The addresses and ids of the users that signed in, as pages show them. */
  readonly #users = new Set<string>()
  readonly oneTimeTokens: string[] = []
  #addresses = 0

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** An email address or a phone number that no earlier step used. */
  newAddress(phone: boolean): string {
    this.#addresses += 1
    const name = `check-${this.#addresses}-${Math.random().toString(36).slice(2, 8)}`
    const address = phone ? `+1415555${1000 + this.#addresses}` : `${name}@example.com`
    this.#users.add(address)
    return address
  }

  /** Whether a page shows the address or the id of a user who signed in. */
  namesUser(text: string): boolean {
    return [...this.#users].some((user) => text.includes(user))
  }

  addLink({ url, token }: { readonly url: string; readonly token: string }): void {
    this.oneTimeTokens.push(token)
    this.#secrets.add(token, 'one-time token')
    const state = new URL(url).pathname.split('/').at(-1) ?? ''
    if (/^[\w-]{16,}$/.test(state)) this.#secrets.addHarmless(state, 'state')
  }

  addTokens({ userId, sessionJwt, refreshJwt }: SignedInUser): void {
    this.#users.add(userId)
    this.#secrets.add(sessionJwt, 'session token')
    this.#secrets.add(refreshJwt, 'refresh token')
  }

  addUrl(url: string): void {
    for (const [kind, token] of sessionTokensIn(url)) this.#secrets.add(token, kind)
  }

  /** `line` is a Set-Cookie header. */
  addCookie(line: string): void {
    const { name, value } = parseSetCookie(line) ?? { name: '', value: '' }
    const subject = readToken(value)?.sub
    if (subject !== undefined) this.#users.add(subject)
    const tokens = sessionTokensIn(value)
    for (const [kind, token] of tokens) this.#secrets.add(token, kind)
    if (tokens.size === 0 && value.length >= 16) this.#secrets.add(value, `cookie ${name}`)
  }
}
