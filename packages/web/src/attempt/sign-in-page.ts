import type { AuthContext, RouteContext } from '../context.ts'
import { type Failure, isTemporary, responseTo } from '../failure.ts'
import { type SignInModel, signInPage } from '../pages/sign-in-page.ts'
import { returnPath, signInUrl } from '../paths.ts'
import { acceptsPage } from '../request/navigation.ts'
import { failureResponse } from '../response/failure-response.ts'
import { pageResponse } from '../response/page-response.ts'
import type { WebResponse } from '../response/response.ts'
import type { SignInForm, SignInFormDecision } from './sign-in-form.ts'

/**
 * The response to an invalid request for a link. A user who mistyped an address gets the page again,
 * with what they typed and what an address looks like.
 */
export function invalidFormResponse(
  context: RouteContext,
  { failure, typed }: Extract<SignInFormDecision, { ok: false }>,
): WebResponse {
  const { settings } = context
  const isBuiltIn = settings.pages.signIn === `${settings.basePath}/sign-in`
  const returnTo = returnPath(settings, typed?.get('returnTo'))
  if (typed === undefined || !isBuiltIn || !acceptsPage(context)) {
    return failureResponse(context, failure, { url: signInUrl(settings, returnTo) })
  }
  const page = signInPage({
    ...signInModel(context, returnTo),
    loginId: typed.get('loginId') ?? '',
    mistaken: true,
  })
  const { status } = responseTo(failure)
  return pageResponse(settings.brand, page, { posts: true, status })
}

/**
 * The response when a link was not sent. If a retry may help, the page has the same form once more,
 * with what was typed; else it leads to the sign-in page, as it does where a form has fields of the app:
 * the outcome of a bot check counts once.
 */
export function notSentResponse(
  context: RouteContext,
  failure: Failure,
  { route, form }: { readonly route: '/magic-link' | '/enchanted-link'; readonly form: SignInForm },
): WebResponse {
  const { settings } = context
  const { loginId, method, returnTo, profile, extra } = form
  const sameForm = {
    action: `${settings.basePath}${route}`,
    fields: { ...profile, loginId, method, returnTo },
  }
  const isRepeatable = isTemporary(failure) && Object.keys(extra).length === 0
  const forward = isRepeatable ? sameForm : { url: signInUrl(settings, returnTo) }
  return failureResponse(context, failure, forward)
}

/** What the sign-in page offers. */
export function signInModel({ settings }: AuthContext, returnTo: string): SignInModel {
  const { basePath, methods, mode } = settings
  return {
    methods,
    mode,
    magicLink: { action: `${basePath}/magic-link`, fields: { returnTo } },
    enchantedLinkAction: `${basePath}/enchanted-link`,
  }
}
