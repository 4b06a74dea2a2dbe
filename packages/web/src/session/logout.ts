import { endAttemptsOf } from '../attempt/bound-attempt.ts'
import { browserRecordCookie, browserRecordOf } from '../attempt/browser-cookie.ts'
import { afterLogout } from '../attempt/browser-record.ts'
import { randomToken } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import type { FormTarget } from '../pages/layout.ts'
import { returnPath } from '../paths.ts'
import { reportLogout } from '../report.ts'
import { readBody } from '../request/body.ts'
import { readCookie } from '../request/credentials.ts'
import { acceptsPage } from '../request/navigation.ts'
import { factsOf } from '../request/request-reader.ts'
import {
  type CookieRecord,
  clearedCookies,
  sealedCookie,
  strayCookies,
} from '../response/cookies.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, noContent, redirect, withCookies } from '../response/response.ts'
import { type LogoutScope, decideLogout } from './decide.ts'
import { presentedTokens } from './presented-tokens.ts'

/** How long a logout waits for the service. */
const logoutTimeoutMs = 5000

/**
 * `POST /logout` and `POST /logout-all`: ends one session of the user or all of them, with every token
 * that the browser sent. {@link decideLogout} says what the response is.
 */
export async function logOut<R extends object>(
  context: AuthContext<R>,
  request: R,
  scope: LogoutScope,
): Promise<WebResponse> {
  const { client, read, settings } = context
  const body = await readBody(read, request, ['returnTo'])
  if (!body.ok) return failureResponse(context, request, body.failure)
  const limited = client.with({ timeoutMs: logoutTimeoutMs })
  const tokens = presentedTokens(context, request)
  const { ended, errors } = await limited.endSession(tokens, scope)
  for (const error of errors) reportLogout(error)
  const { refreshJwts } = tokens
  await endAttemptsOf(context, request, { refreshJwts }).catch(() => {})
  const returnTo = returnPath(settings, body.fields.get('returnTo'))
  const { failure, keepsCookies } = decideLogout(scope, ended)
  const response =
    failure === undefined
      ? done(context, request, returnTo)
      : failureResponse(
          context,
          request,
          failure,
          keepsCookies ? again(context, returnTo) : undefined,
        )
  return keepsCookies ? response : withCookies(response, logoutCookies(context, request))
}

function done<R extends object>(
  { read }: AuthContext<R>,
  request: R,
  returnTo: string,
): WebResponse {
  return acceptsPage(factsOf(read, request)) ? redirect(returnTo) : noContent()
}

function again<R extends object>({ settings }: AuthContext<R>, returnTo: string): FormTarget {
  return { action: `${settings.basePath}/logout-all`, fields: { returnTo } }
}

function logoutCookies<R extends object>(
  context: AuthContext<R>,
  request: R,
): readonly CookieRecord[] {
  const { cookies } = context.settings
  const record = browserRecordOf(context, request)
  const pending = readCookie(context.read.header(request, 'cookie') ?? '', cookies.names.pending)
  return [
    ...clearedCookies(cookies),
    ...strayCookies(cookies),
    ...(record ? [browserRecordCookie(context, request, afterLogout(record, randomToken()))] : []),
    ...(pending === undefined ? [] : [sealedCookie(cookies, 'pending', '', 0)]),
  ]
}
