/** The paths of one app that responses lead to, from its settings alone. */
import { safeReturnTo } from './request/return-to.ts'
import type { AppOrigin } from './app-url.ts'

/** The settings that paths are made of. */
export interface PathSettings {
  readonly app: AppOrigin
  readonly verifyPath: string
  readonly pages: { readonly signIn: string; readonly afterSignIn: string }
}

/** Where to go afterwards: the given path if it is safe, else the app's default. */
export function returnPath({ app, pages }: PathSettings, returnTo: unknown): string {
  return safeReturnTo(returnTo, app.origin) ?? pages.afterSignIn
}

/** The sign-in page, built in or the app's own, which then leads to `returnTo`. */
export function signInUrl({ pages }: PathSettings, returnTo: string): string {
  const { signIn } = pages
  return `${signIn}${signIn.includes('?') ? '&' : '?'}returnTo=${encodeURIComponent(returnTo)}`
}

/** The address that a link leads to: settings and a state, and nothing of a request. */
export function callbackUrl({ app, verifyPath }: PathSettings, state: string): string {
  return `${app.origin}${verifyPath}/${state}`
}
