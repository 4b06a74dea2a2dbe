import type { Diagnosis, Finding } from '../diagnosis.ts'
import { isLoopback } from '../../loopback.ts'

export const appUrl: Diagnosis = {
  name: 'app-url',
  examine: ({ appUrl, environment }) => {
    if (appUrl === undefined) {
      return {
        status: 'skipped',
        found: 'give --app-url or APP_URL: the address that browsers use',
      }
    }
    const url = URL.canParse(appUrl) ? new URL(appUrl) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      return wrong(
        `appUrl is ${JSON.stringify(appUrl)}`,
        'an absolute URL with https',
        'Write it as browsers show it, such as https://app.example.com.',
      )
    }
    const shown = url.origin + url.pathname
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      return wrong(
        `appUrl is ${shown}`,
        'https: over plain http, others in the network can read the session cookies',
        'Serve the app by https, at a proxy in front of it, and use that address.',
      )
    }
    if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
      return wrong(
        `appUrl is ${shown} with a query, a fragment or a user name`,
        'an origin, with a path at most',
        'Remove everything after the path, and what is before an "@".',
      )
    }
    if (isLoopback(url.hostname) && environment['NODE_ENV'] === 'production') {
      return wrong(
        `NODE_ENV is production, and appUrl is ${shown}`,
        'the address that users open: links in mails lead there',
        'Set appUrl to the public address of the app.',
      )
    }
    if (url.pathname !== '/') {
      return {
        status: 'warning',
        found: `appUrl is ${shown}, with a path`,
        expected: 'a path only if a proxy takes it off before the app sees it',
        fix: 'If the app sees the path, leave it out of appUrl and put it into basePath.',
      }
    }
    return { status: 'ok', found: url.origin }
  },
}

function wrong(found: string, expected: string, fix: string): Finding {
  return { status: 'problem', found, expected, fix }
}
