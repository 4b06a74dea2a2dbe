import type { Chance } from './chance.ts'
import { attackText, percentEncoded } from './attack-text.ts'

/** The parts of a request target. */
export interface TargetParts {
  readonly mount: string
  readonly route: string
  readonly method: string
  /** The state of the link, where the route takes one. */
  readonly state: string
  readonly token: string | undefined
  readonly isValid: boolean
}

/** A path with its query, as intended or changed. */
export function fuzzedTarget(chance: Chance, parts: TargetParts): string {
  const { mount, route, method, token, isValid } = parts
  const verifies = route.endsWith('/verify')
  const state =
    verifies && method === 'GET' && (isValid || !chance.oneIn(4)) ? `/${parts.state}` : ''
  const path = mount + route + state
  if (isValid) return path + (token === undefined ? '' : `?t=${token}`)
  return oddPath(chance, path) + query(chance, verifies ? token : undefined)
}

function oddPath(chance: Chance, path: string): string {
  if (!chance.oneIn(12)) return path
  return chance.pick([
    path.toUpperCase(),
    `${path}/`,
    `/${path}`,
    `${path}/${percentEncoded(attackText(chance))}`,
    `${path}/${attackText(chance)}`,
    path.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
    `http://evil.test${path}`,
    `${path}#fragment`,
    `${path};a=b`,
    path.replaceAll('/', '//'),
    `/x/..${path}`,
    '*',
  ])
}

function query(chance: Chance, token: string | undefined): string {
  const odd = attackText(chance)
  const returnTo = percentEncoded(odd)
  const t = token ?? returnTo
  return chance.pick([
    ...['', `?t=${t}`, `?t=${t}`, `?t=${t}`, `?t=${t}&a=b`, `?a=b&t=${t}`, `?returnTo=${returnTo}`],
    ...[
      `?t=${t}&t=${t}`,
      `?t[]=${t}`,
      `?t[__proto__]=${t}`,
      `?__proto__[polluted]=1`,
      `?t=%25${t}`,
    ],
    ...[`?constructor[prototype][polluted]=1&t=${t}`, `?t=${t}%00`, `?t=+${t}`, `?t=${t}%0d%0a`],
    ...[
      `?${odd}`,
      `?returnTo=${odd}`,
      `?returnTo=/me&returnTo=//evil.test`,
      `?t=${odd}`,
      '?',
      '?&&=&',
    ],
  ])
}
