import type { EnchantedLinkResponse, Result } from '@linkpass/core'
import { notSentResponse, sendByMode, sendLink } from '../attempt/send-link.ts'
import { type SignInForm, readSignInForm, invalidFormResponse } from '../attempt/sign-in-form.ts'
import { newState } from '../attempt/state.ts'
import type { RouteContext } from '../context.ts'
import { signInUrl } from '../paths.ts'
import { maskLoginId } from '../request/login-id.ts'
import { acceptsPage } from '../request/navigation.ts'
import { failureResponse } from '../response/failure-response.ts'
import { type WebResponse, json, redirect, withCookies } from '../response/response.ts'
import { isPaused, keepAttempt } from './attempt-record.ts'
import { newCode } from './code.ts'
import { pendingCookie, pendingLifetimeMs, randomLinkId } from './pending-sign-in.ts'

/** `data` is absent where nothing was sent. */
type SentLink = Promise<Result<EnchantedLinkResponse | undefined>>

/**
 * `POST /enchanted-link`: mails three numbered links. 202 with the number and the masked address for JSON
 * clients, a 303 to the waiting page for forms. For an address that the service does not accept, the number is
 * a random one, and the attempt never completes.
 */
export async function requestEnchantedLink(context: RouteContext): Promise<WebResponse> {
  const read = await readSignInForm(context, ['email'])
  return read.ok ? sendEnchantedLink(context, read.form) : invalidFormResponse(context, read)
}

export async function sendEnchantedLink(
  context: RouteContext,
  form: SignInForm,
): Promise<WebResponse> {
  const { client, settings } = context
  const { loginId, returnTo, profile, extra } = form
  const { app, basePath, pages } = settings
  const state = newState(context.sealer, { kind: 'sign-in', channel: 'enchanted' })
  const code = settings.approval === 'code' ? newCode() : undefined
  const uri = `${app.origin}${basePath}/enchanted-link/verify/${state}`
  const attempt = { purpose: 'sign-in', channel: 'enchanted', method: 'email' } as const
  const sent = await sendLink(
    context,
    { ...attempt, address: loginId, fields: extra },
    async (): SentLink => {
      // Before the mail: an attempt without a record could not be refused.
      await keepAttempt(context, { state, loginId, code })
      // For the requester, it is as if the service did not accept the address.
      if (await isPaused(context, loginId)) return { ok: true, code: 200, data: undefined }
      return sendByMode(context, client.enchantedLink, { loginId, uri, profile })
    },
  )
  if (!sent.ok) {
    const fields = { ...profile, loginId, method: 'email', returnTo }
    const again = { action: `${basePath}/enchanted-link`, fields }
    return notSentResponse(context, sent.failure, extra, again, signInUrl(settings, returnTo))
  }
  const { linkId = randomLinkId(), pendingRef } = sent.data ?? {}
  const kept = pendingCookie(context, {
    state,
    linkId,
    loginId,
    returnTo,
    createdAt: client.settings.clock.now(),
    lifetimeMs: pendingLifetimeMs(settings.linkLifetimes.enchanted),
    ...(pendingRef !== undefined && { pendingRef }),
    ...(code !== undefined && { code }),
  })
  if (!kept.ok) return failureResponse(context, kept.failure)
  const response = acceptsPage(context)
    ? redirect(pages.waiting)
    : json(202, { linkId, maskedEmail: maskLoginId(loginId) })
  return withCookies(response, kept.cookies)
}
