import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { responseTo, type Failure } from '@linkpass/web'

const root = new URL('../../../', import.meta.url)
const readme = readFileSync(new URL('packages/express/README.md', root), 'utf8')

test('every recipe in the README is a tested file, as it stands', () => {
  const shown = [...readme.matchAll(/<!-- the same as (\S+) -->\s+```ts\n([\s\S]*?)```/g)]
  expect(shown.length).toBeGreaterThanOrEqual(7)
  for (const [, path = '', code] of shown) {
    expect(code, path).toBe(readFileSync(new URL(path, root), 'utf8'))
  }
  expect(readme.match(/```ts/g)).toHaveLength(shown.length)
})

test('the README’s failures are those of the code', () => {
  const failures: readonly Failure[] = [
    { kind: 'signed-out', reason: 'expired', source: 'cookie', clearSession: true },
    { kind: 'unavailable', retryAfterSeconds: 1 },
    { kind: 'forbidden', missing: 'role' },
    { kind: 'step-up-needed' },
    { kind: 'cross-site' },
    { kind: 'not-enabled', option: 'x' },
    { kind: 'link-used-or-expired' },
    { kind: 'link-unknown' },
    { kind: 'attempt-refused' },
    { kind: 'attempt-ended' },
    { kind: 'send-refused' },
    { kind: 'wrong-code' },
    { kind: 'too-many', retryAfterSeconds: 1 },
    { kind: 'bad-request' },
    { kind: 'body-too-large' },
    { kind: 'unsupported-body' },
    { kind: 'sign-in-refused' },
    { kind: 'bad-response' },
    { kind: 'cookie-too-large', cookie: 'DS', bytes: 5000 },
  ]
  for (const failure of failures) {
    const { status, code } = responseTo(failure)
    const row = readme
      .split('\n')
      .find((line) => line.startsWith('|') && line.includes(`\`${code}\``))
    expect(row, code).toContain(String(status))
  }
})
