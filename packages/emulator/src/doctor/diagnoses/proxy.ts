import type { Diagnosis } from '../diagnosis.ts'

const expected = 'a client that uses the proxy, or NO_PROXY with the host of the service'

export const proxy: Diagnosis = {
  name: 'proxy',
  examine: ({ environment, baseUrl, keySet }) => {
    if (baseUrl === undefined) return { status: 'skipped', found: 'there is no base URL' }
    const isSet = (name: string): boolean => (environment[name] ?? '') !== ''
    const applicable = namesFor(baseUrl.protocol).find(isSet)
    const name = applicable ?? ['https:', 'http:'].flatMap(namesFor).find(isSet)
    if (name === undefined) return { status: 'ok', found: 'no proxy is set' }
    const exempt = environment['no_proxy'] ?? environment['NO_PROXY'] ?? ''
    if (isExempt(baseUrl.hostname, exempt)) {
      return { status: 'ok', found: `${name} is set, and NO_PROXY exempts ${baseUrl.hostname}` }
    }
    // undici's agent for the environment does not read it.
    const agent = /^all_/i.test(name)
      ? `new ProxyAgent(process.env.${name})`
      : 'new EnvHttpProxyAgent()'
    const fix = `Linkpass does not read ${name}, with NODE_USE_ENV_PROXY or without. To use it, pass dispatcher: ${agent} of undici to createDescopeClient; else add the host of the service to NO_PROXY.`
    if (applicable === undefined) {
      const found = `${name} is set, which is not for ${baseUrl.protocol} addresses such as ${baseUrl.origin}`
      return { status: 'warning', found, expected, fix }
    }
    if (keySet?.reached === false) {
      const found = `${name} is set, and ${baseUrl.host} was not reached without it`
      return { status: 'problem', found, expected, fix }
    }
    return { status: 'warning', found: `${name} is set`, expected, fix }
  },
}

function namesFor(protocol: string): readonly string[] {
  const own = protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  return [own, own.toUpperCase(), 'all_proxy', 'ALL_PROXY']
}

function isExempt(hostname: string, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    const domain = entry.replace(/^\*?\./, '').replace(/:\d+$/, '')
    return (
      entry === '*' || (domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`)))
    )
  })
}
