import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const readme = readFileSync('README.md', 'utf8')
const shown = [...readme.matchAll(/<!-- the same as (\S+) -->\s+```ts\n([\s\S]*?)```/g)]

test('the README shows three files of the examples', () => {
  expect(shown.map(([, file]) => file)).toEqual([
    'examples/quickstart/src/main.ts',
    'examples/quickstart/test/app.ts',
    'examples/quickstart/test/own-app.test.ts',
  ])
})

test.each(shown.map(([, file = '', code = '']) => ({ file, code })))(
  'the README shows $file as it is',
  ({ file, code }) => {
    expect(code).toBe(readFileSync(file, 'utf8'))
  },
)

// Nobody has the unscoped name on the registry, so whoever takes it would run code on readers' machines.
test('no document and no message runs a package by a name without its scope', () => {
  const sources = readdirSync('packages').flatMap((name) => [
    join('packages', name, 'README.md'),
    ...readdirSync(join('packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('packages', name, 'src', file)),
  ])
  for (const file of [...sources, 'README.md', 'SECURITY.md', 'CONTRIBUTING.md']) {
    expect(readFileSync(file, 'utf8'), file).not.toMatch(/(npx|exec|dlx)( -\S+)* linkpass/)
  }
})

// Reserved for tests, but the Python SDK accepts no address of it.
test('the examples of the documents use addresses that every SDK accepts', () => {
  const documents = readdirSync('packages').map((name) => join('packages', name, 'README.md'))
  for (const file of [...documents, 'README.md', 'packages/emulator/src/inbox-page/connect.ts']) {
    expect(readFileSync(file, 'utf8'), file).not.toContain('@example.test')
  }
})
