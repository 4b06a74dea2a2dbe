import type { AuthContext, RouteContext } from '../context.ts'
import { identify, authenticate, credentialsOf, outcomeFailure } from '../guard/identify.ts'
import { donePage } from '../pages/done-page.ts'
import { type SignedIn, signInPage } from '../pages/sign-in-page.ts'
import { returnPath } from '../paths.ts'
import { queryOf } from '../request/request-reader.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, redirect, json, withCookies } from '../response/response.ts'
import { readBody } from '../request/body.ts'
import { acceptsPage } from '../request/navigation.ts'
import { clearedBy, failureJson, failureResponse } from '../response/failure-response.ts'

/** `GET /session`: 200 with who is signed in, as JSON without a secret; 401, or 503 where that is not known. */
export async function showSession(context: RouteContext): Promise<WebResponse> {
  const { session, failure } = await identify(context.site, context.request)
  if (failure !== undefined) return withCookies(failureJson(failure), clearedBy(context, failure))
  const { userId, email, name, roles, permissions, tenants, amr, expiresAt } = session
  return json(200, { userId, email, name, roles, permissions, tenants, amr, expiresAt })
}

/** `POST /refresh`: a new session now, before the old one has expired. A 303 for forms, `{ expiresAt }` for JSON. */
export async function refreshNow(context: RouteContext): Promise<WebResponse> {
  const { request, settings, site } = context
  const body = await readBody(context, ['returnTo'])
  if (!body.ok) return failureResponse(context, body.failure)
  // A refresh cookie that a sibling host has set signs no other user in over the session.
  const { failure, outcome: known } = await identify(site, request)
  if (failure?.kind === 'conflicting-cookies') return failureResponse(context, failure)
  const credentials = { ...credentialsOf(site, request), sessionJwt: undefined }
  const isTried = known.status === 'unavailable' || 'refreshed' in known
  const outcome = isTried ? known : await authenticate(site, credentials)
  if (outcome.status !== 'signed-in') {
    return failureResponse(context, outcomeFailure(outcome, credentials))
  }
  const kept = outcome.refreshed && site.keepSession?.(outcome.refreshed)
  if (kept?.ok === false) return failureResponse(context, kept.failure)
  const response = acceptsPage(context)
    ? redirect(returnPath(settings, body.fields.get('returnTo')))
    : json(200, { expiresAt: outcome.session.expiresAt })
  return withCookies(response, kept?.cookies ?? [])
}

/** `GET /sign-in?returnTo=`: the page where a sign-in begins. A signed-in user can go on from there. */
export async function showSignIn(context: RouteContext): Promise<WebResponse> {
  const returnTo = returnPath(context.settings, queryOf(context.target).get('returnTo'))
  const page = signInPage({
    returnTo,
    signedIn: await signedInHere(context, returnTo),
    sessionUrl: sessionUrl(context),
  })
  return pageResponse(page)
}

/** `GET /signed-out`: the page after a sign-out, for as long as no user is signed in again. */
export async function showSignedOut(context: RouteContext): Promise<WebResponse> {
  const { pages } = context.settings
  const signedIn = await signedInHere(context, pages.afterSignIn)
  if (signedIn !== undefined) return redirect(signedIn.url)
  return pageResponse(donePage('signed-out'))
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
