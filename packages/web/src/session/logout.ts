import { endAttemptsOf } from '../attempt/bound-attempt.ts'
import { browserRecordCookie, browserRecordOf } from '../attempt/browser-cookie.ts'
import { afterLogout } from '../attempt/browser-record.ts'
import { randomToken } from '@linkpass/core/internal'
import type { EndScope } from '@linkpass/core'
import type { RouteContext } from '../context.ts'
import type { Failure } from '../failure.ts'
import { returnPath } from '../paths.ts'
import { reportLogout } from '../report.ts'
import { readBody } from '../request/body.ts'
import { readCookie } from '../request/credentials.ts'
import { acceptsPage } from '../request/navigation.ts'
import {
  type CookieRecord,
  clearedCookies,
  sealedCookie,
  strayCookies,
} from '../response/cookies.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, noContent, redirect, withCookies } from '../response/response.ts'
import { presentedTokens } from './presented-tokens.ts'

/** How long a logout waits for the service. */
const logoutTimeoutMs = 5000

type Scope = Exclude<EndScope, 'replaced'>

/** When to repeat a logout that neither the store nor the service has confirmed. */
const retryAfterSeconds = 10

/**
 * `POST /logout` and `POST /logout-all`: ends one session of the user or all of them, with every token
 * that the browser sent.
 *
 * | the store or the service has ended them | this session         | everywhere        |
 * | --------------------------------------- | -------------------- | ----------------- |
 * | yes                                     | 204, cookies cleared | 204, cleared      |
 * | no                                      | 503, cookies cleared | 503, cookies kept |
 *
 * Cookies are kept so that the logout everywhere can be repeated: nothing else ends the sessions of
 * other browsers.
 */
export async function logOut(context: RouteContext, scope: Scope): Promise<WebResponse> {
  const { client, settings } = context
  const body = await readBody(context, ['returnTo'])
  if (!body.ok) return failureResponse(context, body.failure)
  const limited = client.with({ timeoutMs: logoutTimeoutMs })
  const tokens = presentedTokens(context)
  const { ended, errors, userIds } = await limited.endSession(tokens, scope)
  for (const error of errors) reportLogout(error)
  await endAttemptsOf(context, {
    refreshJwts: tokens.refreshJwts,
    userIds: scope === 'everywhere' ? userIds : [],
  }).catch(() => {})
  const returnTo = returnPath(settings, body.fields.get('returnTo'))
  if (!ended) return notEnded(context, scope, returnTo)
  const response = acceptsPage(context) ? redirect(returnTo) : noContent()
  return withCookies(response, logoutCookies(context))
}

function notEnded(context: RouteContext, scope: Scope, returnTo: string): WebResponse {
  const failure: Failure = { kind: 'unavailable', retryAfterSeconds }
  if (scope === 'this-session') {
    const response = failureResponse(context, failure)
    return withCookies(response, logoutCookies(context))
  }
  const action = `${context.settings.basePath}/logout-all`
  return failureResponse(context, failure, { action, fields: { returnTo } })
}

function logoutCookies(context: RouteContext): readonly CookieRecord[] {
  const { cookies } = context.settings
  const record = browserRecordOf(context)
  const pending = readCookie(context.header('cookie') ?? '', cookies.names.pending)
  return [
    ...clearedCookies(cookies),
    ...strayCookies(cookies),
    ...(record ? [browserRecordCookie(context, afterLogout(record, randomToken()))] : []),
    ...(pending === undefined ? [] : [sealedCookie(cookies, 'pending', '', 0)]),
  ]
}
