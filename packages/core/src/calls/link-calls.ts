import type { EndpointName, Responses } from '../http/endpoints.ts'
import type { Call } from '../http/service.ts'
import type { LoginOptions, SignUpOptions, UpdateOptions } from '../model/link-options.ts'
import type { NewUser } from '../model/user.ts'
import { notSent, type Result } from '../result.ts'
import {
  checkEmail,
  checkLinkOptions,
  checkLoginId,
  checkNames,
  checkOptionalRefreshToken,
  checkPhone,
  checkRefreshToken,
  checkStepUp,
  checkUri,
} from './arguments.ts'
import { signInBody, signUpBody, updateArguments, updateBody } from './link-body.ts'

/** Creates a user and sends them a link. */
export type SignUp<Data> = (
  loginId: string,
  uri?: string,
  user?: NewUser,
  signUpOptions?: SignUpOptions,
) => Promise<Result<Data>>

/** Sends a link to an existing user. */
export type SignIn<Data> = (
  loginId: string,
  uri?: string,
  loginOptions?: LoginOptions,
  refreshToken?: string,
) => Promise<Result<Data>>

/** Sends a link, and creates the user first if there is none. */
export type SignUpOrIn<Data> = (
  loginId: string,
  uri?: string,
  signUpOptions?: SignUpOptions,
) => Promise<Result<Data>>

/** The two argument orders of a change of address: as documented, and with a redirect. */
export interface UpdateAddress<Data> {
  (
    loginId: string,
    address: string,
    refreshToken: string,
    updateOptions?: UpdateOptions,
  ): Promise<Result<Data>>
  (
    loginId: string,
    address: string,
    uri: string | undefined,
    refreshToken: string,
    updateOptions?: UpdateOptions,
  ): Promise<Result<Data>>
}

const newUserFields: readonly (keyof NewUser)[] = [
  ...(['name', 'email', 'phone', 'givenName', 'middleName', 'familyName'] as const),
]

/** The sign-up of an endpoint, through a `call` with its limits already set. */
export function signUp<Name extends EndpointName>(call: Call, name: Name): SignUp<Responses[Name]> {
  return (loginId, uri, user, options) => {
    const invalid =
      checkLoginId(loginId) ??
      checkUri(uri) ??
      checkNames('user', user, newUserFields) ??
      checkLinkOptions('signUpOptions', options) ??
      checkStepUp(options, undefined)
    if (invalid) return notSent(invalid)
    return call(name, { body: signUpBody(loginId, uri, user, options) })
  }
}

/** The sign-in of an endpoint. */
export function signIn<Name extends EndpointName>(call: Call, name: Name): SignIn<Responses[Name]> {
  return (loginId, uri, options, refreshToken) => {
    const invalid =
      checkLoginId(loginId) ??
      checkUri(uri) ??
      checkLinkOptions('loginOptions', options) ??
      checkOptionalRefreshToken(refreshToken) ??
      checkStepUp(options, refreshToken)
    if (invalid) return notSent(invalid)
    return call(name, { token: refreshToken, body: signInBody(loginId, uri, options) })
  }
}

/** The sign-up-or-in of an endpoint. */
export function signUpOrIn<Name extends EndpointName>(
  call: Call,
  name: Name,
): SignUpOrIn<Responses[Name]> {
  return (loginId, uri, options) => {
    const invalid =
      checkLoginId(loginId) ??
      checkUri(uri) ??
      checkLinkOptions('signUpOptions', options) ??
      checkStepUp(options, undefined)
    if (invalid) return notSent(invalid)
    return call(name, { body: signInBody(loginId, uri, options) })
  }
}

/** The change of address of an endpoint. */
export function update<Name extends EndpointName>(
  call: Call,
  name: Name,
  field: 'email' | 'phone',
): UpdateAddress<Responses[Name]> {
  const checkAddress = field === 'email' ? checkEmail : checkPhone
  return (loginId, address, third, fourth, fifth?: UpdateOptions) => {
    const { uri, refreshToken, options } = updateArguments(third, fourth, fifth)
    const invalid =
      checkLoginId(loginId) ??
      checkAddress(address) ??
      checkUri(uri) ??
      checkRefreshToken(refreshToken) ??
      checkLinkOptions('updateOptions', options)
    if (invalid) return notSent(invalid)
    const body = updateBody({ loginId, [field]: address }, uri, options)
    return call(name, { token: refreshToken, body })
  }
}
