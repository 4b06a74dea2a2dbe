/** Pages that depend on who is signed in. */
import { signInModel } from '../attempt/sign-in-page.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import { identify } from '../guard/identify.ts'
import { donePage } from '../pages/done-page.ts'
import { type SignedIn, signInPage } from '../pages/sign-in-page.ts'
import { returnPath } from '../paths.ts'
import { queryOf } from '../request/request-reader.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, redirect } from '../response/response.ts'

/** `GET /sign-in?returnTo=`: the page where a sign-in begins. A signed-in user can go on from there. */
export async function showSignIn(context: RouteContext): Promise<WebResponse> {
  const returnTo = returnPath(context.settings, queryOf(context.target).get('returnTo'))
  const page = signInPage({
    ...signInModel(context, returnTo),
    signedIn: await signedInHere(context, returnTo),
    sessionUrl: sessionUrl(context),
  })
  return pageResponse(context.settings.brand, page, { posts: true })
}

/** `GET /signed-out`: the page after a sign-out, for as long as no user is signed in again. */
export async function showSignedOut(context: RouteContext): Promise<WebResponse> {
  const { brand, pages } = context.settings
  const signedIn = await signedInHere(context, pages.afterSignIn)
  if (signedIn !== undefined) return redirect(signedIn.url)
  const page = donePage({ kind: 'signed-out', url: pages.signIn })
  return pageResponse(brand, page, { posts: false })
}

/** The user who is signed in in this browser, and where they go on; undefined for none, or unknown. */
export async function signedInHere(
  { request, site }: RouteContext,
  url: string,
): Promise<(SignedIn & { readonly userId: string }) | undefined> {
  const { outcome } = await identify(site, request)
  if (outcome.status !== 'signed-in') return undefined
  const { email, name, userId } = outcome.session
  return { user: email ?? name, userId, url }
}

/** Where the script of a page asks whether a user is signed in; undefined where there is no such route. */
export function sessionUrl({ settings }: AuthContext): string | undefined {
  return settings.session === 'cookies' ? `${settings.basePath}/session` : undefined
}
