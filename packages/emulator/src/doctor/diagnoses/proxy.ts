import type { Diagnosis } from '../diagnosis.ts'

export const proxy: Diagnosis = {
  name: 'proxy',
  examine: ({ environment, baseUrl, keySet }) => {
    if (baseUrl === undefined) return { status: 'skipped', found: 'there is no base URL' }
    const names =
      baseUrl.protocol === 'https:' ? ['https_proxy', 'all_proxy'] : ['http_proxy', 'all_proxy']
    const both = names.flatMap((name) => [name, name.toUpperCase()])
    const name = both.find((variable) => (environment[variable] ?? '') !== '')
    if (name === undefined) return { status: 'ok', found: 'no proxy is set' }
    const exempt = environment['no_proxy'] ?? environment['NO_PROXY'] ?? ''
    if (isExempt(baseUrl.hostname, exempt)) {
      return { status: 'ok', found: `${name} is set, and NO_PROXY exempts ${baseUrl.hostname}` }
    }
    const direct = keySet?.reached === true
    return {
      status: direct ? 'warning' : 'problem',
      found: `${name} is set, ${direct ? 'and' : 'but'} ${baseUrl.host} was ${direct ? '' : 'not '}reached without it`,
      expected: 'either a client that uses the proxy, or NO_PROXY with the host of the service',
      fix: `SDKs for Node do not read ${name}. To use it, pass dispatcher: new EnvHttpProxyAgent() of undici to createDescopeClient; else add ${baseUrl.hostname} to NO_PROXY.`,
    }
  },
}

function isExempt(hostname: string, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    const domain = entry.replace(/^\*?\./, '').replace(/:\d+$/, '')
    return (
      entry === '*' || (domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`)))
    )
  })
}
