import type { Diagnosis } from '../diagnosis.ts'
import { isLoopback } from '../../loopback.ts'
import { projectIdPattern, regionUrl } from '../facts.ts'

export const baseUrl: Diagnosis = {
  name: 'base-url',
  examine: ({ baseUrl, givenBaseUrl, projectId, environment }) => {
    if (baseUrl === undefined || !/^https?:$/.test(baseUrl.protocol)) {
      return {
        status: 'problem',
        found: `DESCOPE_BASE_URL is ${JSON.stringify(givenBaseUrl)}`,
        expected: 'an absolute URL, such as https://api.descope.com',
        fix: 'Correct DESCOPE_BASE_URL, or remove it: the region follows from the project id.',
      }
    }
    const { href, hostname, protocol, search, hash } = baseUrl
    if (search !== '' || hash !== '') {
      const expected = 'an origin, with a path at most'
      const fix = 'Remove the query and the fragment from DESCOPE_BASE_URL.'
      return {
        status: 'problem',
        found: `the base URL is ${baseUrl.origin} with a query or fragment`,
        expected,
        fix,
      }
    }
    const production = environment['NODE_ENV'] === 'production'
    if (isLoopback(hostname) && production) {
      return {
        status: 'problem',
        found: `NODE_ENV is production, and the base URL is ${href}`,
        expected: 'the real service in production',
        fix: 'Remove DESCOPE_BASE_URL from the environment of production: an emulator signs in any user.',
      }
    }
    if (protocol === 'http:' && !isLoopback(hostname)) {
      return {
        status: 'problem',
        found: `the base URL is ${href}`,
        expected: 'https, since requests carry refresh tokens',
        fix: 'Use https in DESCOPE_BASE_URL.',
      }
    }
    const region = regionUrl(projectId)
    const isService = hostname === 'api.descope.com' || /^api\.\w+\.descope\.com$/.test(hostname)
    if (isService && projectIdPattern.test(projectId) && baseUrl.origin !== region) {
      return {
        status: 'problem',
        found: `the base URL is ${href}`,
        expected: `${region}, the region of the project id`,
        fix: `Remove DESCOPE_BASE_URL, or set it to ${region}.`,
      }
    }
    const how =
      givenBaseUrl === undefined ? 'by the region of the project id' : 'by DESCOPE_BASE_URL'
    return { status: 'ok', found: `${href}, ${how}` }
  },
}
