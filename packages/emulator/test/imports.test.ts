import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('importing the package changes nothing global', () => {
  const script = `
    const before = new Set(Reflect.ownKeys(globalThis))
    await import('@linkpass/emulator')
    console.log(JSON.stringify(Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String)))`
  const node = [
    '--conditions=@linkpass/source',
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    script,
  ]
  const cwd = fileURLToPath(new URL('../../..', import.meta.url))
  expect(execFileSync(process.execPath, node, { cwd, encoding: 'utf8' }).trim()).toBe('[]')
})
