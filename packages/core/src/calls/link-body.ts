/** The bodies of requests for a link, magic or enchanted. A member that is undefined is not sent. */
import type { LoginOptions, SignUpOptions, UpdateOptions } from '../model/link-options.ts'
import type { NewUser } from '../model/user.ts'

/** The body of a sign-up: options are in `loginOptions`, except the provider. */
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
 * The body of a sign-in, or of a sign-up-or-in: as above, with the SSO application at the top level
 * too, as in the REST documents.
 */
export function signInBody(
  loginId: string,
  redirectUrl: string | undefined,
  options: LoginOptions | undefined,
): object {
  const { providerId, ...loginOptions } = options ?? {}
  return { loginId, redirectUrl, loginOptions, providerId, ssoAppId: loginOptions.ssoAppId }
}

/** The body of a change of address: options are at the top level, and cannot replace other fields. */
export function updateBody(
  address: { loginId: string; email?: string; phone?: string },
  redirectUrl: string | undefined,
  options: UpdateOptions | undefined,
): object {
  return { ...options, URI: undefined, ...address, redirectUrl }
}

/** The arguments after the address in a change of address. */
export interface UpdateArguments {
  readonly uri: string | undefined
  readonly refreshToken: string | undefined
  readonly options: UpdateOptions | undefined
}

/**
 * Distinguishes the two argument orders of a change of address: `(uri, refreshToken, options?)` if
 * the second of them is a string, else `(refreshToken, options?)` as documented.
 */
export function updateArguments(
  third: string | undefined,
  fourth: string | UpdateOptions | undefined,
  fifth: UpdateOptions | undefined,
): UpdateArguments {
  if (typeof fourth === 'string') return { uri: third, refreshToken: fourth, options: fifth }
  return { uri: undefined, refreshToken: third, options: fourth }
}
