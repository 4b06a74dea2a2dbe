import type { RouteContext } from '../context.ts'
import { identify } from '../guard/identify.ts'
import { clearedBy, failureJson } from '../response/failure-response.ts'
import { type WebResponse, json, noContent, withCookies } from '../response/response.ts'

/** `GET /session`: who is signed in, without a secret. */
export async function showSession(context: RouteContext): Promise<WebResponse> {
  const { outcome, failure } = await identify(context.site, context.request)
  if (failure !== undefined) return withCookies(failureJson(failure), clearedBy(context, failure))
  if (outcome.status !== 'signed-in') return noContent()
  const { userId, email, name, roles, permissions, tenants, amr, expiresAt } = outcome.session
  return json(200, { userId, email, name, roles, permissions, tenants, amr, expiresAt })
}
