import type { StoredCookie } from '../cookie-jar.ts'
import type { SignInRoute } from './find-sign-in.ts'

/** How a user signs out. */
export interface LogoutRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** The page with the form, if there is one. */
  readonly page?: string | undefined
  /** The body, for a route that takes JSON. Without it and without a page, the request has no body. */
  readonly json?: object | undefined
}

/** What is known of the app after its first sign-in. */
export interface SiteFacts {
  /** The origin that links lead to. */
  readonly origin: string
  readonly signIn: SignInRoute
  /** Where the script of the link's page posts the token; null if the page needs no script. */
  readonly verifyPath: string | null
  /** A page that only signed-in users get; undefined if none was found. */
  readonly page: string | undefined
  /** Every such page that was found. */
  readonly pages: readonly string[]
  /** Whether others get it too, but with another text: a user is told by address or id. */
  readonly pageNamesUser: boolean
  readonly logout: LogoutRoute | undefined
  /** The cookies that hold the session: those with tokens, or else all that the sign-in set. */
  readonly cookies: readonly StoredCookie[]
  /** Whether the sign-in set them, so that they are others than before. */
  readonly renewed: boolean
  /** Those with tokens of the service. An app with sessions of its own has none. */
  readonly sessionCookie: StoredCookie | undefined
  readonly refreshCookie: StoredCookie | undefined
  /** Whether the page refreshes an expired session by itself. */
  readonly refreshes: boolean
}
