import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const readme = readFileSync(new URL('packages/fetch/README.md', root), 'utf8')

test('every program in the README is a tested file, as it stands', () => {
  const shown = [...readme.matchAll(/<!-- the same as (\S+) -->\s+```[jt]s\n([\s\S]*?)```/g)]
  expect(shown.map(([, path]) => path)).toEqual([
    'examples/hono/src/app.ts',
    ...['app', 'bun', 'deno', 'node'].map((name) => `examples/fetch/src/${name}.js`),
  ])
  for (const [, path = '', code] of shown) {
    expect(code, path).toBe(readFileSync(new URL(path, root), 'utf8'))
  }
  expect(readme.match(/```[jt]s/g)).toHaveLength(shown.length)
})
