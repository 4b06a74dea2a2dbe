import { mounts } from './app.ts'
import type { Chance } from './chance.ts'
import { type Fields, fuzzedBody } from './fuzzed-body.ts'
import { type Credentials, fuzzedCredentials } from './fuzzed-credentials.ts'
import { fuzzedHeaders, type Header } from './fuzzed-headers.ts'
import { fuzzedTarget } from './fuzzed-target.ts'
import { attackText } from './attack-text.ts'
import { requestBytes } from './request-bytes.ts'
import type { Framing } from './raw-http.ts'
import type { SentLink, User, CredentialPool, PendingAttempt } from './credential-pool.ts'

/** A request as it was meant, and as it goes out. The checkResponse reads the first, the app the second. */
export interface FuzzedRequest extends Credentials {
  readonly method: string
  /** The path that was meant, below its mount where it has one: `/verify`, `/me`. */
  readonly route: string
  readonly mount: string
  readonly target: string
  readonly headers: readonly Header[]
  /** A good link that it carries whole. */
  readonly link: SentLink | undefined
  /** A waiting sign-in whose right link it carries whole, together with the decision to approve. */
  readonly approves: PendingAttempt | undefined
  /** Whether it is right in every way, and so must be accepted. */
  readonly isValid: boolean
  readonly framing: Framing
  readonly bytes: Buffer
}

const guarded = ['/me', '/admin', '/maybe', '/api', '/api/x', '/']
// Routes that are listed twice are requested twice as often.
const routes = [
  ...['GET /sign-in', 'GET /check-inbox', 'GET /waiting', 'GET /session', 'GET /verify/style.css'],
  ...['GET /verify', 'GET /verify', 'GET /verify', 'POST /verify', 'POST /verify', 'POST /verify'],
  ...['POST /magic-link', 'POST /enchanted-link', 'POST /enchanted-link/complete'],
  ...['GET /enchanted-link/verify', 'POST /enchanted-link/verify', 'POST /enchanted-link/verify'],
  ...['GET /enchanted-link/status', 'POST /refresh', 'POST /refresh', 'POST /step-up'],
  ...['GET /step-up/status', 'POST /step-up/complete'],
  ...['POST /email', 'POST /phone', 'POST /logout', 'POST /logout-all'],
]
const guardMethods = ['GET', 'GET', 'POST']
const methods = ['GET', 'HEAD', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'get', 'BREW']

/** Where the requests go, and what they are made from. */
export interface Aim {
  readonly origin: string
  readonly pool: CredentialPool
}

/** One request to an app, valid in parts. A user whom it may log out is taken out of the pool. */
export function fuzzedRequest(chance: Chance, { origin, pool }: Aim): FuzzedRequest {
  const isValid = chance.oneIn(30)
  // Valid except for its Origin, Fetch Metadata and other headers, so that no other error hides those.
  const isWellFormed = isValid || chance.oneIn(20)
  const isGuarded = chance.oneIn(3)
  const [method = '', route = ''] = isGuarded
    ? [chance.pick(guardMethods), chance.pick(guarded)]
    : chance.pick(routes).split(' ')
  const mount = isGuarded ? '' : chance.pick(mounts)
  const logsOut = route.startsWith('/logout')
  const stay = pool.users.slice(1)
  const user: User = logsOut ? (pool.users[0] ?? chance.pick(pool.expiredUsers)) : chance.pick(stay)
  if (logsOut) pool.beginLogout(user)
  const link = linkFor(chance, pool, route)
  const waiting = chance.pick(pool.waiting)
  const credentials = fuzzedCredentials(chance, {
    pool,
    user,
    link,
    waiting,
    isValid: isWellFormed,
    logsOut,
  })
  const { fields, token } = fieldsFor(chance, {
    route,
    link,
    waiting,
    pool,
    isValid: isWellFormed,
  })
  const place = { mount, route, method, isValid: isWellFormed, state: (link ?? waiting).state }
  const target = fuzzedTarget(chance, { ...place, token: method === 'GET' ? token : undefined })
  const sentMethod = isWellFormed || !chance.oneIn(25) ? method : chance.pick(methods)
  const body =
    sentMethod === 'GET' || sentMethod === 'HEAD'
      ? undefined
      : fuzzedBody(chance, fields, isWellFormed)
  const isComplete = token !== undefined && (method === 'GET' || body?.isComplete === true)
  // A link without its state is no link.
  const isWhole = isComplete && (method === 'GET' || fields['state'] === link?.state)
  const usedLink = isWhole && link?.token === token ? link : undefined
  const approves = isComplete && token === waiting.right ? waiting : undefined
  if (approves !== undefined && sentMethod === 'POST') approves.approved = true
  const headers = [
    ...fuzzedHeaders(chance, origin, sentMethod, isValid),
    ...credentials.headers,
    ...(body?.headers ?? []),
  ]
  const framing =
    isWellFormed || !chance.oneIn(30)
      ? 'complete'
      : chance.pick(['malformed', 'malformed', 'cut'] as const)
  return {
    ...credentials,
    method: sentMethod,
    route,
    mount,
    target,
    headers,
    isValid,
    framing,
    approves,
    link: usedLink,
    bytes: requestBytes(chance, [sentMethod, target], headers, body?.text, framing),
  }
}

function linkFor(chance: Chance, pool: CredentialPool, route: string): SentLink | undefined {
  return route === '/verify' && pool.links.length > 1 ? chance.pick(pool.links) : undefined
}

interface FieldSources {
  readonly route: string
  readonly link: SentLink | undefined
  readonly waiting: PendingAttempt
  readonly pool: CredentialPool
  readonly isValid: boolean
}

/** The fields of the route, and the valid token among them if it is complete. */
function fieldsFor(
  chance: Chance,
  { route, link, waiting, pool, isValid }: FieldSources,
): { fields: Fields; token: string | undefined } {
  const returnTo = chance.oneIn(3) ? { returnTo: attackText(chance) } : {}
  const address = isValid || !chance.oneIn(3) ? madeUpAddress(chance) : attackText(chance)
  if (route === '/verify' || route === '/enchanted-link/verify') {
    const good = link?.token ?? chance.pick([waiting.right, ...waiting.wrong])
    const isGood = isValid || chance.oneIn(8)
    const t = isGood
      ? good
      : chance.pick([attackText(chance), `${good}A`, good.slice(1), ...pool.used])
    const state = chance.oneIn(3) ? attackText(chance) : (link ?? waiting).state
    const decision = chance.pick(['approve', 'approve', 'refuse', attackText(chance)])
    const more = link === undefined ? { decision } : {}
    return {
      fields: { t, state: isValid ? (link ?? waiting).state : state, ...more },
      token: isGood ? good : undefined,
    }
  }
  if (route === '/email') return { fields: { email: address, ...returnTo }, token: undefined }
  if (route === '/phone') return { fields: { phone: '+15550100', ...returnTo }, token: undefined }
  if (route === '/magic-link' || route === '/enchanted-link') {
    const method = chance.oneIn(4)
      ? { method: chance.pick(['sms', 'email', 'voice', '__proto__']) }
      : {}
    return { fields: { loginId: address, ...method, ...returnTo }, token: undefined }
  }
  return { fields: isValid ? {} : returnTo, token: undefined }
}

// From a limited set, so that the emulator's users do not grow without end.
function madeUpAddress(chance: Chance): string {
  return `unknown-${chance.below(500)}@made-up.test`
}
