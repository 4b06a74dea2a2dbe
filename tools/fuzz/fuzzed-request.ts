import { mounts } from './app.ts'
import type { Chance } from './chance.ts'
import { type Fields, fuzzedBody } from './fuzzed-body.ts'
import { type Credentials, fuzzedCredentials } from './fuzzed-credentials.ts'
import { fuzzedHeaders, type Header } from './fuzzed-headers.ts'
import { fuzzedTarget } from './fuzzed-target.ts'
import { hostileText } from './hostile-text.ts'
import { onTheWire } from './on-the-wire.ts'
import type { Framing } from './raw-http.ts'
import type { MailedLink, Person, Vault, Waiting } from './vault.ts'

/** A request as it was meant, and as it goes out. The judge reads the first, the app the second. */
export interface FuzzedRequest extends Credentials {
  readonly method: string
  /** The path that was meant, below its mount where it has one: `/verify`, `/me`. */
  readonly route: string
  readonly mount: string
  readonly target: string
  readonly headers: readonly Header[]
  /** A good link that it carries whole. */
  readonly link: MailedLink | undefined
  /** A waiting sign-in whose right link it carries whole, together with the decision to approve. */
  readonly approves: Waiting | undefined
  /** Whether it is right in every way, and so must be honoured. */
  readonly isPlain: boolean
  readonly framing: Framing
  readonly bytes: Buffer
}

const guarded = ['/me', '/admin', '/maybe', '/api', '/api/x', '/']
// What stands there twice is asked for twice as often.
const routes = [
  ...['GET /sign-in', 'GET /check-inbox', 'GET /waiting', 'GET /session', 'GET /verify/style.css'],
  ...['GET /verify', 'GET /verify', 'GET /verify', 'POST /verify', 'POST /verify', 'POST /verify'],
  ...['POST /magic-link', 'POST /enchanted-link', 'POST /enchanted-link/complete'],
  ...['GET /enchanted-link/verify', 'POST /enchanted-link/verify', 'POST /enchanted-link/verify'],
  ...['GET /enchanted-link/status', 'POST /refresh', 'POST /refresh', 'POST /step-up'],
  ...['POST /email', 'POST /phone', 'POST /logout', 'POST /logout-all'],
]
const guardMethods = ['GET', 'GET', 'POST']
const methods = ['GET', 'HEAD', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'get', 'BREW']

/** What the requests are made for. */
export interface Aim {
  readonly origin: string
  readonly vault: Vault
}

/** One request to an app, good in parts; what it uses up is taken out of the vault. */
export function fuzzedRequest(chance: Chance, { origin, vault }: Aim): FuzzedRequest {
  const isPlain = chance.oneIn(30)
  // Right but for what its headers say of who sent it, and how: no other flaw hides that one.
  const isRight = isPlain || chance.oneIn(20)
  const isGuarded = chance.oneIn(3)
  const [method = '', route = ''] = isGuarded
    ? [chance.pick(guardMethods), chance.pick(guarded)]
    : chance.pick(routes).split(' ')
  const mount = isGuarded ? '' : chance.pick(mounts)
  const leaves = route.startsWith('/logout')
  const stay = vault.people.slice(1)
  const person: Person = leaves ? (vault.people[0] ?? chance.pick(vault.lapsed)) : chance.pick(stay)
  if (leaves) vault.letLeave(person)
  const link = linkFor(chance, vault, route)
  const waiting = chance.pick(vault.waiting)
  const credentials = fuzzedCredentials(chance, {
    vault,
    person,
    link,
    waiting,
    isPlain: isRight,
    leaves,
  })
  const { fields, token } = fieldsFor(chance, {
    route,
    link,
    waiting,
    vault,
    isPlain: isRight,
  })
  const place = { mount, route, method, isPlain: isRight, state: (link ?? waiting).state }
  const target = fuzzedTarget(chance, { ...place, token: method === 'GET' ? token : undefined })
  const sentMethod = isRight || !chance.oneIn(25) ? method : chance.pick(methods)
  const body =
    sentMethod === 'GET' || sentMethod === 'HEAD' ? undefined : fuzzedBody(chance, fields, isRight)
  const isWhole = token !== undefined && (method === 'GET' || body?.isWhole === true)
  const usedLink = isWhole && link?.token === token ? link : undefined
  const approves = isWhole && token === waiting.right ? waiting : undefined
  if (approves !== undefined && sentMethod === 'POST') approves.approved = true
  const headers = [
    ...fuzzedHeaders(chance, origin, sentMethod, isPlain),
    ...credentials.headers,
    ...(body?.headers ?? []),
  ]
  const framing =
    isRight || !chance.oneIn(30) ? 'whole' : chance.pick(['wild', 'wild', 'cut'] as const)
  return {
    ...credentials,
    ...{ method: sentMethod, route, mount, target, headers, isPlain, framing, approves },
    link: usedLink,
    bytes: onTheWire(chance, [sentMethod, target], headers, body?.text, framing),
  }
}

function linkFor(chance: Chance, vault: Vault, route: string): MailedLink | undefined {
  return route === '/verify' && vault.links.length > 1 ? chance.pick(vault.links) : undefined
}

interface FieldSources {
  readonly route: string
  readonly link: MailedLink | undefined
  readonly waiting: Waiting
  readonly vault: Vault
  readonly isPlain: boolean
}

/** What the route takes, and the good token among it, if it is whole. */
function fieldsFor(
  chance: Chance,
  { route, link, waiting, vault, isPlain }: FieldSources,
): { fields: Fields; token: string | undefined } {
  const returnTo = chance.oneIn(3) ? { returnTo: hostileText(chance) } : {}
  const address = isPlain || !chance.oneIn(3) ? madeUpAddress(chance) : hostileText(chance)
  if (route === '/verify' || route === '/enchanted-link/verify') {
    const good = link?.token ?? chance.pick([waiting.right, ...waiting.wrong])
    const isGood = isPlain || chance.oneIn(8)
    const t = isGood
      ? good
      : chance.pick([hostileText(chance), `${good}A`, good.slice(1), ...vault.spent])
    const state = chance.oneIn(3) ? hostileText(chance) : (link ?? waiting).state
    const decision = chance.pick(['approve', 'approve', 'refuse', hostileText(chance)])
    const more = link === undefined ? { decision } : {}
    return {
      fields: { t, ...(isPlain ? {} : { state }), ...more },
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
  return { fields: isPlain ? {} : returnTo, token: undefined }
}

// From few enough that the emulator's people do not grow without end.
function madeUpAddress(chance: Chance): string {
  return `nobody-${chance.below(500)}@made-up.test`
}
