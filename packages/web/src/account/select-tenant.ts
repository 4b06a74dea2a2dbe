import type { RouteContext } from '../context.ts'
import { returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { acceptsPage } from '../request/navigation.ts'
import { type WebResponse, json, redirect } from '../response/response.ts'
import { callFailure } from '../service-failure.ts'
import { accountFailure, signedInUser } from './current-user.ts'
import { selectTenant } from './user-account.ts'

/**
 * `POST /tenant`: makes a tenant of the user the current one. A 303 to `returnTo`, or `{ tenant,
 * expiresAt }` for JSON; a 403 where the user does not belong to it.
 */
export async function switchTenant(context: RouteContext): Promise<WebResponse> {
  const { request, settings } = context
  const body = await readBody(context, ['tenant', 'returnTo'])
  if (!body.ok) return accountFailure(context, body.failure)
  const tenant = body.fields.get('tenant') ?? ''
  if (tenant === '') return accountFailure(context, { kind: 'bad-request', field: 'tenant' })
  const found = await signedInUser(context, request)
  if (!found.ok) return accountFailure(context, found.failure)
  const selected = await selectTenant(context, request, found.user, tenant)
  if (!selected.ok) {
    const failure = 'failure' in selected ? selected.failure : callFailure(selected.error)
    const isUnknown = failure.kind === 'bad-request'
    return accountFailure(context, isUnknown ? { kind: 'forbidden', missing: 'tenant' } : failure)
  }
  const { expiresAt } = selected.data
  if (!acceptsPage(context)) return json(200, { tenant, expiresAt })
  return redirect(returnPath(settings, body.fields.get('returnTo')))
}
