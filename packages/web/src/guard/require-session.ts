import type { DescopeClient } from '@linkpass/core'
import { isCookieName } from '@linkpass/core/internal'
import { stepUpAgeSeconds } from '../attempt/step-up-age.ts'
import type { AuthContext } from '../context.ts'
import { type Failure, isSignedOut, responseTo } from '../failure.ts'
import { stepUpPage } from '../pages/step-up-page.ts'
import { returnPath, signInUrl } from '../paths.ts'
import { isPageNavigation, isPageRequest } from '../request/navigation.ts'
import { type RequestReader, factsOf, isSafeMethod } from '../request/request-reader.ts'
import type { CookieNames } from '../response/cookie-policy.ts'
import { clearedBy, failureJson, failurePageResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import { type WebResponse, redirect } from '../response/response.ts'
import type { FailurePolicy, GuardOptions } from './guard-options.ts'
import { type Guard, createGuard } from './guard.ts'

/** How an adapter's guard is made. */
export interface GuardSetup<R extends object> {
  readonly options: GuardOptions<R>
  readonly policy: FailurePolicy
  /** Names of the options that the adapter adds and checks itself. */
  readonly adapterOptions: readonly string[]
}

/**
 * Makes a guard that lets only signed-in requests through. It refreshes an expired session.
 *
 * @throws {TypeError} an option is invalid; the message names it
 */
export function requireSessionIn<R extends object>(
  context: AuthContext<R>,
  { options, policy, adapterOptions }: GuardSetup<R>,
): Guard<R> {
  return createGuard(
    context.site,
    options,
    adapterOptions,
    (request, failure) => ({
      cookies: clearedBy(context, failure),
      response: policy === 'app' ? undefined : rejection(context, policy, request, failure),
    }),
    (request, session) => stepUpAgeSeconds(context, request, session),
  )
}

/**
 * Makes a guard for an API whose tokens are issued elsewhere. It reads the Bearer header, and never
 * refreshes, redirects or sets a cookie.
 *
 * @param cookies the session cookie to read where there is no Bearer header @default none is read
 * @throws {TypeError} an option is invalid; the message names it
 */
export function requireBearerSession<R extends object>(
  read: RequestReader<R>,
  client: DescopeClient,
  { options, policy, adapterOptions }: GuardSetup<R>,
  cookies?: Pick<CookieNames, 'session'>,
): Guard<R> {
  if (typeof client?.authenticate !== 'function') {
    throw new TypeError('requireSession needs the client that createDescopeClient made.')
  }
  if (cookies !== undefined && !isCookieName(cookies?.session)) {
    throw new TypeError(
      'requireSession: cookies must name the session cookie, such as auth.cookieNames or { session: "DS" }.',
    )
  }
  const names = cookies && { session: cookies.session }
  const site = { client, read, names, origin: undefined, keepSession: undefined }
  return createGuard(site, options, adapterOptions, (_request, failure) => ({
    cookies: [],
    response: policy === 'app' ? undefined : failureJson(failure),
  }))
}

function rejection<R extends object>(
  context: AuthContext<R>,
  policy: Exclude<FailurePolicy, 'app'>,
  request: R,
  failure: Failure,
): WebResponse {
  const facts = factsOf(context.read, request)
  const goesToSignIn = policy === 'redirect' ? isSafeMethod(facts.method) : isPageNavigation(facts)
  if (isSignedOut(failure) && policy !== 'json' && goesToSignIn) {
    return signInRedirect(context, request)
  }
  if (policy === 'json' || !isPageRequest(facts)) return failureJson(failure)
  return rejectionPage(context, request, failure)
}

function rejectionPage<R extends object>(
  context: AuthContext<R>,
  request: R,
  failure: Failure,
): WebResponse {
  const here = pagePath(context, request)
  if (failure.kind === 'step-up-needed') return stepUpResponse(context, here, failure)
  return failurePageResponse(context, failure, { url: wayOut(context, failure, here) })
}

function signInRedirect<R extends object>(
  { read, settings }: AuthContext<R>,
  request: R,
): WebResponse {
  const { signIn } = settings.pages
  const target = read.target(request)
  if (withoutQuery(target) === withoutQuery(signIn)) {
    throw new Error(
      `requireSession() guards the sign-in page "${signIn}" itself. Mount auth.router() in front of it.`,
    )
  }
  // A target such as "//host" names another host, so it is checked like any other path to return to.
  return redirect(signInUrl(settings, returnPath(settings, target)))
}

function withoutQuery(target: string): string {
  return target.split('?', 1).join('')
}

/** The page for RFC 9470's challenge: one button, which sends a link. */
export function stepUpResponse<R extends object>(
  { pageSite, settings }: AuthContext<R>,
  returnTo: string,
  failure: Failure,
): WebResponse {
  const { status, headers } = responseTo(failure)
  const send = { action: `${settings.basePath}/step-up`, fields: { returnTo } }
  return pageResponse(settings.brand, stepUpPage(pageSite, { send }), {
    posts: true,
    status,
    headers,
  })
}

// Unavailable: the same page once more. Signed out: back to it after a sign-in. Else: another page.
function wayOut<R extends object>(
  { settings }: AuthContext<R>,
  failure: Failure,
  here: string,
): string {
  if (failure.kind === 'forbidden') return settings.pages.afterSignIn
  return failure.kind === 'unavailable' ? here : signInUrl(settings, here)
}

// The page that the user is on: the one they opened, or the one with the form that they sent, since
// the form's own address may serve nothing but POST.
function pagePath<R extends object>({ read, settings }: AuthContext<R>, request: R): string {
  const isSafe = isSafeMethod(read.method(request))
  return returnPath(settings, isSafe ? read.target(request) : read.header(request, 'referer'))
}
