import type { HistoryEntry, MyTenants, Result, Session, User } from '@linkpass/core'
import type { AuthContext, RouteContext } from '../context.ts'
import { FailureError } from '../failure-error.ts'
import type { Decision } from '../failure.ts'
import { knownIdentity, replaceSession, takeUnsent } from '../guard/identify.ts'
import { returnPath } from '../paths.ts'
import { readBody } from '../request/body.ts'
import { acceptsPage } from '../request/navigation.ts'
import type { CookieRecord } from '../response/cookies.ts'
import { type WebResponse, json, redirect } from '../response/response.ts'
import { reportedCall } from '../report.ts'
import { tenantFailure } from '../service-failure.ts'
import { endIssued, outageOf, validateTokens } from '../session/accept-sign-in.ts'
import { type SignedInUser, accountFailure, endOf, signedInUser } from './current-user.ts'

/**
 * What a signed-in user may ask of the service. The refresh token that this takes stays here.
 *
 * Each function throws a {@link FailureError} where no user is signed in by cookies, and resolves to the
 * service's error where it refused.
 */
export interface UserAccount {
  /** The user, as the service describes them. */
  readonly me: () => Promise<Result<User>>
  /** The tenants that the session names; where it names none, the current one. */
  readonly tenants: () => Promise<Result<MyTenants>>
  /** The user's sign-ins. */
  readonly history: () => Promise<Result<readonly HistoryEntry[]>>
  /**
   * Makes a tenant the current one, the claim `dct`: for this request, and by cookies for those to come.
   * Call it before the response is sent.
   */
  readonly selectTenant: (tenantId: string) => Promise<Result<Session>>
}

/**
 * The account of the user who sent a request.
 *
 * @param setCookies sets cookies on its response
 */
export function userAccount(
  app: AuthContext,
  request: object,
  setCookies: (cookies: readonly CookieRecord[]) => void,
): UserAccount {
  const { client } = app
  async function withUser<Data>(
    ask: (user: SignedInUser) => Promise<Result<Data>>,
  ): Promise<Result<Data>> {
    try {
      const found = await signedInUser(app, request)
      if (!found.ok) throw new FailureError(found.failure)
      return await ask(found.user)
    } finally {
      // Of a tenant, or of a session that had to be refreshed, since no guard ran.
      const cookies = takeUnsent(knownIdentity(app.site, request))
      if (cookies.length > 0) setCookies(cookies)
    }
  }

  return {
    me: () => withUser(({ refreshJwt }) => client.me(refreshJwt)),
    history: () => withUser(({ refreshJwt }) => client.history(refreshJwt)),
    tenants: () =>
      withUser(({ refreshJwt, session }) => {
        const ids = Object.keys(session.tenants)
        return client.myTenants(ids.length > 0 ? ids : true, refreshJwt)
      }),
    selectTenant: (tenantId) =>
      withUser(async (user) => {
        const selected = await selectTenant(app, request, user, tenantId)
        if (!selected.ok && 'failure' in selected) throw new FailureError(selected.failure)
        return selected
      }),
  }
}

/**
 * Selects a tenant: the session of the request is then the new one, whose cookies are set on the
 * response. The old refresh token stays valid (from the docs).
 */
async function selectTenant(
  app: AuthContext,
  request: object,
  user: SignedInUser,
  tenantId: string,
): Promise<Result<Session> | Extract<Decision, { ok: false }>> {
  const selected = await app.client.selectTenant(tenantId, user.refreshJwt)
  if (!selected.ok) return selected
  const decision = await validateTokens(app, selected.data)
  if (!decision.ok) return decision
  const { session } = decision.signIn
  if (session.userId !== user.session.userId)
    return { ok: false, failure: { kind: 'bad-response' } }
  // Looked up once there is a session to hand out, as it may be recorded until then.
  const ended = await endOf(app, user.refreshJwt).catch(outageOf)
  if (ended !== undefined) {
    await endIssued(app, decision.signIn)
    return { ok: false, failure: ended }
  }
  const { failure } = replaceSession(app.site, request, decision.signIn)
  return failure === undefined ? { ...selected, data: session } : { ok: false, failure }
}

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
    if ('failure' in selected) return accountFailure(context, selected.failure)
    return accountFailure(context, reportedCall(selected.error, tenantFailure(selected.error)))
  }
  const { expiresAt } = selected.data
  if (!acceptsPage(context)) return json(200, { tenant, expiresAt })
  return redirect(returnPath(settings, body.fields.get('returnTo')))
}
