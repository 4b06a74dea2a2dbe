import type { EndpointName, Responses } from '../http/endpoints.ts'
import type { Call } from '../http/service.ts'
import type { LoginOptions, NewUser, SignUpOptions, UpdateOptions } from '../model/api.ts'
import { notSent, type Result } from '../result.ts'
import { check, checkNames, checkOptional, checkStepUp } from './arguments.ts'

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

export function signUp<Name extends EndpointName>(call: Call, name: Name): SignUp<Responses[Name]> {
  return (loginId, uri, user, options) =>
    send(call, name, { loginId, uri, user, options, optionsName: 'signUpOptions' })
}

export function signIn<Name extends EndpointName>(call: Call, name: Name): SignIn<Responses[Name]> {
  return (loginId, uri, options, refreshToken) =>
    send(call, name, { loginId, uri, options, optionsName: 'loginOptions', refreshToken })
}

export function signUpOrIn<Name extends EndpointName>(
  call: Call,
  name: Name,
): SignUpOrIn<Responses[Name]> {
  return (loginId, uri, options) =>
    send(call, name, { loginId, uri, options, optionsName: 'signUpOptions' })
}

interface LinkRequest {
  readonly loginId: string
  readonly uri: string | undefined
  readonly user?: NewUser | undefined
  readonly options: LoginOptions | undefined
  readonly optionsName: string
  readonly refreshToken?: string | undefined
}

const newUserFields: readonly (keyof NewUser)[] = [
  ...(['name', 'email', 'phone', 'givenName', 'middleName', 'familyName'] as const),
]

function send<Name extends EndpointName>(
  call: Call,
  name: Name,
  { loginId, uri, user, options, optionsName, refreshToken }: LinkRequest,
): Promise<Result<Responses[Name]>> {
  const invalid =
    check('loginId', loginId) ??
    checkOptional('uri', uri) ??
    checkNames('user', user, newUserFields) ??
    checkNames(optionsName, options) ??
    checkOptional('refreshToken', refreshToken) ??
    checkStepUp(options, refreshToken)
  if (invalid) return notSent(invalid)
  const { providerId, ...loginOptions } = options ?? {}
  // The SSO application is at the top level too, as in the REST documents.
  const { ssoAppId } = loginOptions
  const body = { loginId, redirectUrl: uri, user, loginOptions, providerId, ssoAppId }
  return call(name, { token: refreshToken, body })
}

export function update<Name extends EndpointName>(
  call: Call,
  name: Name,
  field: 'email' | 'phone',
): UpdateAddress<Responses[Name]> {
  return (
    loginId: string,
    address: string,
    third: string | undefined,
    fourth?: string | UpdateOptions,
    fifth?: UpdateOptions,
  ) => {
    // Either `(uri, refreshToken, options?)`, or `(refreshToken, options?)` as documented.
    const [uri, refreshToken, options] =
      typeof fourth === 'string' ? [third, fourth, fifth] : [undefined, third, fourth]
    const invalid =
      check('loginId', loginId) ??
      check(field, address) ??
      checkOptional('uri', uri) ??
      check('refreshToken', refreshToken) ??
      checkNames('updateOptions', options)
    if (invalid) return notSent(invalid)
    // Options are at the top level, and cannot replace other fields.
    const body = { ...options, URI: undefined, loginId, [field]: address, redirectUrl: uri }
    return call(name, { token: refreshToken, body })
  }
}
