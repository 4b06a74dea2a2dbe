import { expect, test } from 'vitest'
import { parseAppUrl } from '../src/app-url.ts'

test.each([
  ['https://x.example/caf%c3%a9/', '/caf%c3%a9'],
  ['https://x.example/caf%C3%A9', '/caf%C3%A9'],
  ['https://x.example/café', '/caf%C3%A9'],
])('the path of %s is %s', (appUrl, path) => {
  expect(parseAppUrl(appUrl).path).toBe(path)
})

test('the host of an app is no wildcard', () => {
  expect(() => parseAppUrl('https://*.x.example')).toThrow('appUrl must name one host')
})

test.each(['%2f', '%2F', '%5c', '%00', '%7e', '%zz'])('no path of an app holds %s', (escape) => {
  expect(() => parseAppUrl(`https://x.example/a${escape}b`)).toThrow('appUrl must be an origin')
})
