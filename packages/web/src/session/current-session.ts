import type { RouteContext } from '../context.ts'
import { authenticate, credentialsOf, identify, outcomeFailure } from '../guard/identify.ts'
import { returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { acceptsPage } from '../request/navigation.ts'
import { clearedBy, failureJson, failureResponse } from '../response/failure-response.ts'
import { type WebResponse, json, noContent, redirect, withCookies } from '../response/response.ts'

/** `GET /session`: who is signed in, without a secret. */
export async function showSession(context: RouteContext): Promise<WebResponse> {
  const { outcome, failure } = await identify(context.site, context.request)
  if (failure !== undefined) return withCookies(failureJson(failure), clearedBy(context, failure))
  if (outcome.status !== 'signed-in') return noContent()
  const { userId, email, name, roles, permissions, tenants, amr, expiresAt } = outcome.session
  return json(200, { userId, email, name, roles, permissions, tenants, amr, expiresAt })
}

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
