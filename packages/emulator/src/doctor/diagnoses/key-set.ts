import type { Diagnosis } from '../diagnosis.ts'
import { isTlsCode } from './tls.ts'

export const keySet: Diagnosis = {
  name: 'key-set',
  examine: ({ keySet, baseUrl }) => {
    if (keySet === undefined)
      return { status: 'skipped', found: 'it needs a project id and a base URL' }
    const host = baseUrl?.host ?? ''
    const expected = 'the public keys of the project, which every check of a session needs'
    if (!keySet.reached) {
      const { code, message } = keySet
      if (isTlsCode(code))
        return { status: 'skipped', found: 'the connection is not secure; see tls' }
      return {
        status: 'problem',
        found: `${host} was not reached: ${message}`,
        expected,
        fix:
          fixes[code] ??
          'Check the address, and that this machine may connect to it: firewall, proxy, DNS.',
      }
    }
    const { status, body } = keySet
    if (body === undefined && status < 500) {
      return {
        status: 'problem',
        found: `${host} responded ${status}, and not with JSON`,
        expected,
        fix: 'Correct DESCOPE_BASE_URL: what listens there is not the service, but a site or a proxy.',
      }
    }
    const keys = Array.isArray(body?.['keys']) ? body['keys'].length : 0
    if (status === 200 && keys > 0) return { status: 'ok', found: `${keys} key(s) from ${host}` }
    const found =
      status === 200 ? `${host} has no keys for the project` : `${host} responded ${status}`
    const fix =
      status >= 500 || status === 429
        ? 'Try again: the service is unavailable, or limits this address.'
        : 'Check that the project id is of this region and project, and that the base URL is the one of the service.'
    return { status: 'problem', found, expected, fix }
  },
}

const fixes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start what should listen there, or correct DESCOPE_BASE_URL.',
  ENOTFOUND: 'Correct the host in DESCOPE_BASE_URL, or the DNS of this machine.',
  EAI_AGAIN: 'Check the DNS of this machine: no name server responded.',
  TIMEOUT: 'Check firewall and proxy: connections are dropped without a response.',
}
