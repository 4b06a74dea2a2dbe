import type { DescopeClient } from '@linkpass/core'
import { checkOption, isCookieName } from '@linkpass/core/internal'
import { stepUpAgeSeconds } from '../attempt/browser-record.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import { type Failure, isSignedOut, responseTo } from '../failure.ts'
import { stepUpPage } from '../pages/step-up-pages.ts'
import { pathOfTarget, returnPath, signInUrl } from '../paths.ts'
import { isPageNavigation, isPageRequest } from '../request/navigation.ts'
import { type RequestReader, isSafeMethod, withRequest } from '../request/request-reader.ts'
import type { CookieNames } from '../response/cookie-policy.ts'
import {
  clearedBy,
  failureJson,
  failurePageResponse,
  withOnFailure,
} from '../response/failure-response.ts'
import { pageResponse, rendered } from '../response/page-response.ts'
import { type WebResponse, redirect } from '../response/response.ts'
import type { FailurePolicy, GuardSetup } from './guard-options.ts'
import { type Guard, createGuard } from './guard.ts'
import { sealForm } from './interrupted-form.ts'

/** Makes a guard that lets only signed-in requests through. It refreshes an expired session. */
export function requireSessionIn(
  context: AuthContext,
  { options, policy, adapterOptions }: GuardSetup<object>,
): Guard<object> {
  return createGuard(
    context.site,
    options,
    adapterOptions,
    async (request, failure) => {
      const cookies = clearedBy(context, failure)
      if (policy === 'app') return { cookies, response: undefined }
      const route = withRequest(context, request)
      const response = await withOnFailure(route, await rejection(route, policy, failure))
      return { cookies, response: await rendered(route, response) }
    },
    (request, session) => stepUpAgeSeconds(withRequest(context, request), session),
  )
}

/**
 * Makes a guard for an API whose tokens are issued elsewhere. It reads the Bearer header, and never
 * refreshes, redirects or sets a cookie.
 *
 * @param cookies the session cookie to read where there is no Bearer header @default none is read
 * @throws {TypeError} an option is invalid; the message names it
 */
export function requireBearerSession(
  read: RequestReader<object>,
  client: DescopeClient,
  { options, policy, adapterOptions }: GuardSetup<object>,
  cookies?: Pick<CookieNames, 'session'>,
): Guard<object> {
  checkOption(
    typeof client?.authenticate === 'function',
    'requireSession needs the client that createDescopeClient made.',
  )
  checkOption(
    cookies === undefined || isCookieName(cookies?.session),
    'requireSession: cookies must name the session cookie, such as auth.cookieNames or { session: "DS" }.',
  )
  const names = cookies && { session: cookies.session }
  const site = { client, read, names, app: undefined, keepSession: undefined }
  return createGuard(site, options, adapterOptions, async (_request, failure) => ({
    cookies: [],
    response: policy === 'app' ? undefined : failureJson(failure),
  }))
}

async function rejection(
  context: RouteContext,
  policy: Exclude<FailurePolicy, 'app'>,
  failure: Failure,
): Promise<WebResponse> {
  const goesToSignIn =
    policy === 'redirect' ? isSafeMethod(context.method) : isPageNavigation(context)
  if (isSignedOut(failure) && policy !== 'json' && goesToSignIn) return signInRedirect(context)
  if (policy === 'json' || !isPageRequest(context)) return failureJson(failure)
  const here = pagePath(context)
  if (failure.kind === 'step-up-needed') return stepUpResponse(context, here, failure)
  return failurePageResponse(failure, { url: wayOut(context, failure, here) })
}

function signInRedirect({ settings, target }: RouteContext): WebResponse {
  const { signIn } = settings.pages
  if (settings.app.path + withoutQuery(target) === withoutQuery(signIn)) {
    throw new Error(
      `requireSession() guards the sign-in page "${signIn}" itself. Mount auth.router() in front of it.`,
    )
  }
  // A target such as "//host" names another host, so it is checked like any other path to return to.
  return redirect(signInUrl(settings, pathOfTarget(settings, target)))
}

function withoutQuery(target: string): string {
  return target.split('?', 1).join('')
}

/** The page that asks for a step-up (RFC 9470). A small form that was sent goes along, and is sent again after it. */
export async function stepUpResponse(
  context: RouteContext,
  returnTo: string,
  failure: Failure,
): Promise<WebResponse> {
  const { settings } = context
  const { status, headers } = responseTo(failure)
  const form = await sealForm(context)
  const fields = { returnTo, ...(form !== undefined && { form }) }
  const send = { action: `${settings.basePath}/step-up`, fields }
  const response = pageResponse(stepUpPage(send), status, headers)
  return { ...response, failed: { failure, forward: send } }
}

// Trouble of ours or of the app: the same page once more. Signed out: back to it after a sign-in. Else:
// another page.
function wayOut({ settings }: AuthContext, failure: Failure, here: string): string {
  if (failure.kind === 'forbidden') return settings.pages.afterSignIn
  const isTrouble = failure.kind === 'unavailable' || failure.kind === 'app-error'
  return isTrouble ? here : signInUrl(settings, here)
}

// The page that the user is on: the one they opened, or the one with the form that they sent, since
// the form's own address may serve nothing but POST.
function pagePath({ header, method, settings, target }: RouteContext): string {
  return isSafeMethod(method)
    ? pathOfTarget(settings, target)
    : returnPath(settings, header('referer'))
}
