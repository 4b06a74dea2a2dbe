import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)
const table = new URL('tools/prove/attacks.mjs', root)
const { attacks }: { attacks: readonly { file: string; rule: string }[] } = await import(table.href)

test('the rules that `npm run prove` takes away are in the source, each once', () => {
  const found = attacks.map(({ file, rule }) => [
    rule,
    readFileSync(new URL(file, root), 'utf8').split(rule).length - 1,
  ])
  expect(found.length).toBeGreaterThan(30)
  expect(found).toEqual(attacks.map(({ rule }) => [rule, 1]))
})
