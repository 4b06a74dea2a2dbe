/** Pure: the bodies that ask for a link, magic or enchanted. A member that is undefined is not sent. */
import type { LoginOptions, SignUpOptions, UpdateOptions } from '../model/link-options.ts'
import type { NewUser } from '../model/user.ts'

/** The body of a sign-up: options in `loginOptions`, but for the provider. */
export function signUpBody(
  loginId: string,
  redirectUrl: string | undefined,
  user: NewUser | undefined,
  options: SignUpOptions | undefined,
): object {
  const { providerId, ...loginOptions } = options ?? {}
  return { loginId, redirectUrl, user, loginOptions, providerId }
}

/**
 * The body of a sign-in, or of a sign-up-or-in: as above, and the SSO application stands at the
 * top level too, where the REST documents have it.
 */
export function signInBody(
  loginId: string,
  redirectUrl: string | undefined,
  options: LoginOptions | undefined,
): object {
  const { providerId, ...loginOptions } = options ?? {}
  return { loginId, redirectUrl, loginOptions, providerId, ssoAppId: loginOptions.ssoAppId }
}

/** The body of a change of address: options lie flat, and can replace none of the other fields. */
export function updateBody(
  address: { loginId: string; email?: string; phone?: string },
  redirectUrl: string | undefined,
  options: UpdateOptions | undefined,
): object {
  return { ...options, URI: undefined, ...address, redirectUrl }
}

/** What follows the address in a change of address. */
export interface UpdateArguments {
  readonly uri: string | undefined
  readonly refreshToken: string | undefined
  readonly options: UpdateOptions | undefined
}

/**
 * Tells the two argument orders of a change of address apart: `(refreshToken, options?)` as the
 * documents have it, `(uri, refreshToken, options?)` if the second of them is a string.
 */
export function updateArguments(
  third: string | undefined,
  fourth: string | UpdateOptions | undefined,
  fifth: UpdateOptions | undefined,
): UpdateArguments {
  if (typeof fourth === 'string') return { uri: third, refreshToken: fourth, options: fifth }
  return { uri: undefined, refreshToken: third, options: fourth }
}
