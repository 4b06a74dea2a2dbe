import { z } from 'zod'
import type { UserRecord } from '../../world/users/user-directory.ts'
import type { World } from '../../world/world.ts'
import type { Channel } from '../links/addresses.ts'
import { resolveRedirect } from '../links/redirect.ts'
import { defaultRedirect, sendMagicLink } from '../links/send-link.ts'
import { flag, templateOptions, text } from '../schemas.ts'

/** The fields of an invitation, next to those of the users. */
export interface InviteOptions {
  invite: boolean
  inviteUrl: string | undefined
  /** Null or undefined: a mail if the user has an e-mail address. */
  sendMail?: boolean | null | undefined
  /** Null or undefined: an SMS if the user has a phone number alone. */
  sendSMS?: boolean | null | undefined
  templateId: string | undefined
  templateOptions: Record<string, string> | undefined
  locale: string | undefined
}

/** The shape of {@link InviteOptions}, to be part of a schema. */
export const inviteFields = {
  invite: flag,
  inviteUrl: text,
  sendMail: z.boolean().nullish(),
  sendSMS: z.boolean().nullish(),
  templateId: text,
  templateOptions,
  locale: text,
}

/**
 * Where the link of an invitation leads.
 *
 * @throws {ServiceError} `inviteUrl` is not an absolute URL, or not of an approved domain
 */
export function resolveInviteUrl(world: World, { inviteUrl }: InviteOptions): string {
  const given = { redirectUrl: inviteUrl, URI: undefined }
  return resolveRedirect(world, given, defaultRedirect(world, 'magic-link'))
}

/**
 * Sends the invitation that the options ask for: a magic link to `inviteUrl` that signs the user in.
 * What a real invitation says is set in the console; this is our choice.
 */
export function sendInvitation(
  world: World,
  user: UserRecord,
  options: InviteOptions & { inviteUrl: string },
): void {
  const { email, phone } = user.profile
  const { invite, sendMail, sendSMS } = options
  if (email !== undefined && (sendMail ?? invite)) send(world, user, options, 'email', email)
  const bySms = sendSMS ?? (invite && email === undefined)
  if (phone !== undefined && bySms) send(world, user, options, 'sms', phone)
}

function send(
  world: World,
  user: UserRecord,
  {
    inviteUrl,
    templateId,
    templateOptions: variables,
    locale,
  }: InviteOptions & { inviteUrl: string },
  channel: Channel,
  to: string,
): void {
  sendMagicLink(world, {
    kind: 'magic-link',
    channel,
    purpose: 'invite',
    to,
    redirectUrl: inviteUrl,
    intent: {
      type: 'login',
      loginId: user.loginIds[0] ?? to,
      verifies: [to],
      signUp: undefined,
      amr: [channel],
      stepUp: false,
      customClaims: undefined,
      tenant: undefined,
      revokeOtherSessions: false,
    },
    messageOptions: { templateId, templateOptions: variables, locale },
    pkceChallenge: undefined,
  })
}
