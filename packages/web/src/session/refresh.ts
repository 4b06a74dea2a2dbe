import type { RouteContext } from '../context.ts'
import { authenticate, credentialsOf, outcomeFailure } from '../guard/identify.ts'
import { returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { acceptsPage } from '../request/navigation.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, json, noContent, redirect, withCookies } from '../response/response.ts'

/** `POST /refresh`: a new session now, before the old one has expired. */
export async function refreshNow(context: RouteContext): Promise<WebResponse> {
  const { request, settings, site } = context
  const body = await readBody(context, ['returnTo'])
  if (!body.ok) return failureResponse(context, body.failure)
  const credentials = { ...credentialsOf(site, request), sessionJwt: undefined }
  const outcome = await authenticate(site, credentials)
  const failure = outcomeFailure(outcome, credentials)
  if (failure !== undefined) return failureResponse(context, failure)
  if (outcome.status !== 'signed-in') return noContent()
  const kept = outcome.refreshed && site.keepSession?.(outcome.refreshed)
  if (kept?.ok === false) return failureResponse(context, kept.failure)
  const response = acceptsPage(context)
    ? redirect(returnPath(settings, body.fields.get('returnTo')))
    : json(200, { expiresAt: outcome.session.expiresAt })
  return withCookies(response, kept?.cookies ?? [])
}
