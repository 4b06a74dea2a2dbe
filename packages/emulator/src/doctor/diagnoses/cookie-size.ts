import type { Diagnosis } from '../diagnosis.ts'

// What browsers keep of one cookie, name and value together (RFC 6265bis section 5.6).
const maxBytes = 4096
// Roles, tenants and claims make tokens longer over time.
const nearBytes = 3500

export const cookieSize: Diagnosis = {
  name: 'cookie-size',
  examine: ({ token }) => {
    if (token === undefined) {
      return {
        status: 'skipped',
        found: 'give --token-file FILE with a session token to measure it',
      }
    }
    const expected = 'a file with one session token: three parts with dots between them'
    if ('problem' in token) {
      return {
        status: 'problem',
        found: token.problem,
        expected,
        fix: 'Correct the path of --token-file.',
      }
    }
    if (!/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token.text)) {
      const fix = 'Put sessionJwt of a response, or the value of the cookie DS, into the file.'
      return { status: 'problem', found: 'the file of --token-file holds no token', expected, fix }
    }
    const bytes = '__Host-DS'.length + token.text.length
    const found = `the session cookie takes ${bytes} of ${maxBytes} bytes`
    if (bytes <= nearBytes) return { status: 'ok', found }
    return {
      status: bytes > maxBytes ? 'problem' : 'warning',
      found,
      expected: `at most ${maxBytes} bytes: browsers drop a longer cookie, and the user is not signed in`,
      fix: 'Take claims out of the JWT template, and have fewer roles and permissions: those of many tenants can be looked up instead.',
    }
  },
}
