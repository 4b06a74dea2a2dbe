import type {
  AccessKeySession,
  HistoryEntry,
  MyTenants,
  EmptyResponse,
} from '../model/account-responses.ts'
import * as answers from '../model/responses.ts'
import type { EnchantedLinkResponse, MaskedEmail, MaskedPhone } from '../model/delivery.ts'
import type { Schema } from '../model/schema.ts'
import type { SessionTokens } from '../model/session-tokens.ts'
import type { User } from '../model/user.ts'

/** Every call to the service, by the name it has on the client, with what it answers. */
export interface Responses {
  'magicLink.signUp.email': MaskedEmail
  'magicLink.signUp.sms': MaskedPhone
  'magicLink.signUp.whatsapp': MaskedPhone
  'magicLink.signIn.email': MaskedEmail
  'magicLink.signIn.sms': MaskedPhone
  'magicLink.signIn.whatsapp': MaskedPhone
  'magicLink.signUpOrIn.email': MaskedEmail
  'magicLink.signUpOrIn.sms': MaskedPhone
  'magicLink.signUpOrIn.whatsapp': MaskedPhone
  'magicLink.verify': SessionTokens
  'magicLink.update.email': MaskedEmail
  'magicLink.update.phone.sms': MaskedPhone
  'magicLink.update.phone.whatsapp': MaskedPhone
  'enchantedLink.signUp': EnchantedLinkResponse
  'enchantedLink.signIn': EnchantedLinkResponse
  'enchantedLink.signUpOrIn': EnchantedLinkResponse
  'enchantedLink.verify': EmptyResponse
  'enchantedLink.getSession': SessionTokens
  'enchantedLink.update.email': EnchantedLinkResponse
  refresh: SessionTokens
  logout: EmptyResponse
  logoutAll: EmptyResponse
  me: User
  myTenants: MyTenants
  history: readonly HistoryEntry[]
  selectTenant: SessionTokens
  exchangeAccessKey: AccessKeySession
}

/** The name of a call, as it is on the client. */
export type EndpointName = keyof Responses

/** One call on the wire: where it goes, and what a success must look like. */
export interface Endpoint<Answer> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly answer: Schema<Answer>
}

function get<Answer>(path: string, answer: Schema<Answer>): Endpoint<Answer> {
  return { method: 'GET', path, answer }
}

function post<Answer>(path: string, answer: Schema<Answer>): Endpoint<Answer> {
  return { method: 'POST', path, answer }
}

const { enchantedLinkStart, maskedEmail, maskedPhone, nothing, sessionTokens } = answers

/** An endpoint for every call. */
export type Endpoints = { readonly [Name in EndpointName]: Endpoint<Responses[Name]> }

/** The whole API that this client speaks, on one page, in the order of the service's reference. */
export const endpoints: Endpoints = {
  'magicLink.signUp.email': post('/v1/auth/magiclink/signup/email', maskedEmail),
  'magicLink.signUp.sms': post('/v1/auth/magiclink/signup/sms', maskedPhone),
  'magicLink.signUp.whatsapp': post('/v1/auth/magiclink/signup/whatsapp', maskedPhone),
  'magicLink.signIn.email': post('/v1/auth/magiclink/signin/email', maskedEmail),
  'magicLink.signIn.sms': post('/v1/auth/magiclink/signin/sms', maskedPhone),
  'magicLink.signIn.whatsapp': post('/v1/auth/magiclink/signin/whatsapp', maskedPhone),
  'magicLink.signUpOrIn.email': post('/v1/auth/magiclink/signup-in/email', maskedEmail),
  'magicLink.signUpOrIn.sms': post('/v1/auth/magiclink/signup-in/sms', maskedPhone),
  'magicLink.signUpOrIn.whatsapp': post('/v1/auth/magiclink/signup-in/whatsapp', maskedPhone),
  'magicLink.verify': post('/v1/auth/magiclink/verify', sessionTokens),
  'magicLink.update.email': post('/v1/auth/magiclink/update/email', maskedEmail),
  'magicLink.update.phone.sms': post('/v1/auth/magiclink/update/phone/sms', maskedPhone),
  'magicLink.update.phone.whatsapp': post('/v1/auth/magiclink/update/phone/whatsapp', maskedPhone),

  'enchantedLink.signUp': post('/v1/auth/enchantedlink/signup/email', enchantedLinkStart),
  'enchantedLink.signIn': post('/v1/auth/enchantedlink/signin/email', enchantedLinkStart),
  'enchantedLink.signUpOrIn': post('/v1/auth/enchantedlink/signup-in/email', enchantedLinkStart),
  'enchantedLink.verify': post('/v1/auth/enchantedlink/verify', nothing),
  'enchantedLink.getSession': post('/v1/auth/enchantedlink/pending-session', sessionTokens),
  'enchantedLink.update.email': post('/v1/auth/enchantedlink/update/email', enchantedLinkStart),

  refresh: post('/v1/auth/refresh', sessionTokens),
  logout: post('/v1/auth/logout', nothing),
  logoutAll: post('/v1/auth/logoutall', nothing),
  me: get('/v1/auth/me', answers.user),
  myTenants: post('/v1/auth/me/tenants', answers.myTenants),
  history: get('/v1/auth/me/history', answers.history),
  selectTenant: post('/v1/auth/tenant/select', sessionTokens),
  exchangeAccessKey: post('/v1/auth/accesskey/exchange', answers.accessKeySession),
}
