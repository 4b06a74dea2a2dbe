import { browserRecordCookie, browserRecordOf } from '../attempt/browser-cookie.ts'
import { afterLogout } from '../attempt/browser-record.ts'
import { randomToken } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import { knownIdentity } from '../guard/identify.ts'
import { returnPath } from '../paths.ts'
import { reportLogout } from '../report.ts'
import { readBody } from '../request/body.ts'
import { readCookie, tokensToEnd } from '../request/credentials.ts'
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

/** How long a logout waits for the service. In this browser it counts either way. */
const logoutTimeoutMs = 5000

/**
 * `POST /logout` and `POST /logout-all`: ends one session of the user or all of them: at the service
 * if it is available, and in this browser always.
 */
export async function logOut<R extends object>(
  context: AuthContext<R>,
  request: R,
  scope: 'this-session' | 'everywhere',
): Promise<WebResponse> {
  const { client, read, settings } = context
  const body = await readBody(read, request, ['returnTo'])
  if (!body.ok) return failureResponse(context, request, body.failure)
  const { sessionJwt, refreshJwt } = tokensOf(context, request)
  if (refreshJwt !== undefined) {
    const limited = client.with({ timeoutMs: logoutTimeoutMs })
    const ended =
      scope === 'everywhere'
        ? await limited.logoutAll(refreshJwt)
        : await limited.logout(refreshJwt, sessionJwt === undefined ? {} : { sessionJwt })
    if (!ended.ok) reportLogout(ended.error)
  }
  const response = acceptsPage(factsOf(read, request))
    ? redirect(returnPath(settings, body.fields.get('returnTo')))
    : noContent()
  return withCookies(response, logoutCookies(context, request))
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

/**
 * The tokens to end: the cookies of the request, also beside a Bearer token, or what a guard in front
 * of the router has traded them for.
 */
function tokensOf<R extends object>(
  { read, site }: AuthContext<R>,
  request: R,
): { sessionJwt?: string | undefined; refreshJwt?: string | undefined } {
  const outcome = knownIdentity(site, request)?.outcome
  const refreshed = outcome?.status === 'signed-in' ? outcome.refreshed : undefined
  return refreshed ?? tokensToEnd(read.header(request, 'cookie') ?? '', site.names)
}
