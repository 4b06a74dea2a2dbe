import { endAttemptsOf } from '../attempt/bound-attempt.ts'
import {
  browserRecordCookie,
  browserRecordOf,
  afterLogout,
  hasSignedIn,
} from '../attempt/browser-record.ts'
import { randomToken } from '@linkpass/core/internal'
import type { RouteContext } from '../context.ts'
import { returnPath } from '../paths.ts'
import { reportLogout, runHook } from '../report.ts'
import { readBody } from '../request/body.ts'
import { readCookie } from '../request/credentials.ts'
import { acceptsPage } from '../request/navigation.ts'
import { type CookieRecord, cookiesToClear, sealedCookie } from '../response/cookies.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, noContent, redirect, withCookies } from '../response/response.ts'
import { presentedTokens } from './accept-sign-in.ts'
import { type LogoutScope, decideLogout } from './decide.ts'

/** How long a logout waits for the service, at most, in milliseconds. */
const maxWaitMs = 5000

/**
 * `POST /logout` and `POST /logout-all`: ends one session of the user or all of them, with every token
 * that the browser sent. {@link decideLogout} says what the response is.
 */
export async function logOut(context: RouteContext, scope: LogoutScope): Promise<WebResponse> {
  const { client, settings } = context
  const body = await readBody(context, ['returnTo'])
  if (!body.ok) return failureResponse(context, body.failure)
  const limited = client.with({ timeoutMs: Math.min(maxWaitMs, client.settings.timeoutMs) })
  const tokens = presentedTokens(context)
  const { ended, errors, hadSession, userId } = await limited.endSession(tokens, scope)
  reportLogout(errors)
  const refreshJwts = hadSession ? tokens.refreshJwts : []
  const record = browserRecordOf(context)
  // Made-up cookies are told apart, so that a flood of them puts nothing into the store.
  let isEnded = ended
  if (hadSession || (record && hasSignedIn(record))) {
    const { email, phone } = settings.account
    // The link of a change that may still be opened takes the account.
    await endAttemptsOf(context, { refreshJwts }).catch(() => (isEnded &&= !email && !phone))
  }
  const wanted = body.fields.get('returnTo') || settings.pages.afterSignOut
  const returnTo = returnPath(settings, wanted)
  const { failure, keepsCookies } = decideLogout(scope, isEnded)
  const done = acceptsPage(context) ? redirect(returnTo) : noContent()
  const again = { action: `${settings.basePath}/logout-all`, fields: { returnTo } }
  const response =
    failure === undefined
      ? done
      : failureResponse(context, failure, keepsCookies ? again : undefined)
  // What was requested in this browser has ended, also where its session has not.
  if (keepsCookies) return withCookies(response, renamedBrowser(context))
  const signOut = { userId, everywhere: scope === 'everywhere', req: context.request }
  await runHook('on-sign-out', () => settings.onSignOut?.(signOut))
  return withCookies(response, logoutCookies(context))
}

function logoutCookies(context: RouteContext): readonly CookieRecord[] {
  const { cookies, session } = context.settings
  const pending = readCookie(context.header('cookie') ?? '', cookies.names.pending)
  return [
    ...(session === 'cookies' ? cookiesToClear(cookies, 'session-and-strays') : []),
    ...renamedBrowser(context),
    ...(pending === undefined ? [] : [sealedCookie(cookies, 'pending', '', 0)]),
  ]
}

function renamedBrowser(context: RouteContext): readonly CookieRecord[] {
  const record = browserRecordOf(context)
  return record ? [browserRecordCookie(context, afterLogout(record, randomToken()))] : []
}
