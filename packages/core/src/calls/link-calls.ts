import {
  checkEmail,
  checkLoginId,
  checkObject,
  checkOptionalRefreshToken,
  checkPhone,
  checkRefreshToken,
  checkStepUp,
  checkUri,
} from './arguments.ts'
import type { Responses, EndpointName } from '../http/endpoints.ts'
import type { Call } from '../http/service.ts'
import { signInBody, signUpBody, updateArguments, updateBody } from './link-body.ts'
import type { LoginOptions, SignUpOptions, UpdateOptions } from '../model/link-options.ts'
import type { NewUser } from '../model/user.ts'
import { notSent, type Result } from '../result.ts'

/** Creates a user and sends them a link. */
export type SignUp<Answer> = (
  loginId: string,
  uri?: string,
  user?: NewUser,
  signUpOptions?: SignUpOptions,
) => Promise<Result<Answer>>

/** Sends a link to a user who exists. */
export type SignIn<Answer> = (
  loginId: string,
  uri?: string,
  loginOptions?: LoginOptions,
  refreshToken?: string,
) => Promise<Result<Answer>>

/** Sends a link, and creates the user first where there is none. */
export type SignUpOrIn<Answer> = (
  loginId: string,
  uri?: string,
  signUpOptions?: SignUpOptions,
) => Promise<Result<Answer>>

/** The two argument orders of a change of address: as documented, and with a redirect. */
export interface UpdateAddress<Answer> {
  (
    loginId: string,
    address: string,
    refreshToken: string,
    updateOptions?: UpdateOptions,
  ): Promise<Result<Answer>>
  (
    loginId: string,
    address: string,
    uri: string | undefined,
    refreshToken: string,
    updateOptions?: UpdateOptions,
  ): Promise<Result<Answer>>
}

/** What magic and enchanted links have in common: the checks and bodies, for any endpoint. */
export interface LinkCalls {
  readonly signUp: <Name extends EndpointName>(name: Name) => SignUp<Responses[Name]>
  readonly signIn: <Name extends EndpointName>(name: Name) => SignIn<Responses[Name]>
  readonly signUpOrIn: <Name extends EndpointName>(name: Name) => SignUpOrIn<Responses[Name]>
  readonly updateEmail: <Name extends EndpointName>(name: Name) => UpdateAddress<Responses[Name]>
  readonly updatePhone: <Name extends EndpointName>(name: Name) => UpdateAddress<Responses[Name]>
}

/** The calls that ask for a link, over a `call` that is bound to its limits. */
export function createLinkCalls(call: Call): LinkCalls {
  return {
    signUp: (name) => (loginId, uri, user, options) => {
      const wrong =
        checkLoginId(loginId) ??
        checkUri(uri) ??
        checkObject('user', user) ??
        checkObject('signUpOptions', options) ??
        checkStepUp(options, undefined)
      if (wrong) return notSent(wrong)
      return call(name, { body: signUpBody(loginId, uri, user, options) })
    },
    signIn: (name) => (loginId, uri, options, refreshToken) => {
      const wrong =
        checkLoginId(loginId) ??
        checkUri(uri) ??
        checkObject('loginOptions', options) ??
        checkOptionalRefreshToken(refreshToken) ??
        checkStepUp(options, refreshToken)
      if (wrong) return notSent(wrong)
      return call(name, { token: refreshToken, body: signInBody(loginId, uri, options) })
    },
    signUpOrIn: (name) => (loginId, uri, options) => {
      const wrong =
        checkLoginId(loginId) ??
        checkUri(uri) ??
        checkObject('signUpOptions', options) ??
        checkStepUp(options, undefined)
      if (wrong) return notSent(wrong)
      return call(name, { body: signInBody(loginId, uri, options) })
    },
    updateEmail: (name) => (loginId, email, third, fourth, fifth?: UpdateOptions) => {
      const { uri, refreshToken, options } = updateArguments(third, fourth, fifth)
      const wrong =
        checkLoginId(loginId) ?? checkEmail(email) ?? checkUpdate(uri, refreshToken, options)
      if (wrong) return notSent(wrong)
      return call(name, { token: refreshToken, body: updateBody({ loginId, email }, uri, options) })
    },
    updatePhone: (name) => (loginId, phone, third, fourth, fifth?: UpdateOptions) => {
      const { uri, refreshToken, options } = updateArguments(third, fourth, fifth)
      const wrong =
        checkLoginId(loginId) ?? checkPhone(phone) ?? checkUpdate(uri, refreshToken, options)
      if (wrong) return notSent(wrong)
      return call(name, { token: refreshToken, body: updateBody({ loginId, phone }, uri, options) })
    },
  }
}

function checkUpdate(uri: unknown, refreshToken: unknown, options: unknown) {
  return checkUri(uri) ?? checkRefreshToken(refreshToken) ?? checkObject('updateOptions', options)
}
