import * as schemas from '../model/responses.ts'

export interface Endpoint<Data> {
  readonly method: 'GET' | 'POST'
  /** What follows the base URL, such as `/v1/auth/me`. */
  readonly path: string
  readonly response: schemas.Schema<Data>
}

function get<Data>(path: string, response: schemas.Schema<Data>): Endpoint<Data> {
  return { method: 'GET', path, response }
}

function post<Data>(path: string, response: schemas.Schema<Data>): Endpoint<Data> {
  return { method: 'POST', path, response }
}

const { enchantedLinkResponse, maskedEmail, maskedPhone, emptyResponse, sessionTokens } = schemas

export const endpoints = {
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

  'enchantedLink.signUp': post('/v1/auth/enchantedlink/signup/email', enchantedLinkResponse),
  'enchantedLink.signIn': post('/v1/auth/enchantedlink/signin/email', enchantedLinkResponse),
  'enchantedLink.signUpOrIn': post('/v1/auth/enchantedlink/signup-in/email', enchantedLinkResponse),
  'enchantedLink.verify': post('/v1/auth/enchantedlink/verify', emptyResponse),
  'enchantedLink.getSession': post('/v1/auth/enchantedlink/pending-session', sessionTokens),
  'enchantedLink.update.email': post('/v1/auth/enchantedlink/update/email', enchantedLinkResponse),

  refresh: post('/v1/auth/refresh', sessionTokens),
  logout: post('/v1/auth/logout', emptyResponse),
  logoutAll: post('/v1/auth/logoutall', emptyResponse),
  me: get('/v1/auth/me', schemas.user),
  myTenants: post('/v1/auth/me/tenants', schemas.myTenants),
  history: get('/v1/auth/me/history', schemas.history),
  selectTenant: post('/v1/auth/tenant/select', sessionTokens),
  exchangeAccessKey: post('/v1/auth/accesskey/exchange', schemas.accessKeySession),
} satisfies Readonly<Record<string, Endpoint<unknown>>>

export type EndpointName = keyof typeof endpoints

export type Responses = {
  readonly [Name in EndpointName]: (typeof endpoints)[Name] extends Endpoint<infer Data>
    ? Data
    : never
}

export type Endpoints = { readonly [Name in EndpointName]: Endpoint<Responses[Name]> }
