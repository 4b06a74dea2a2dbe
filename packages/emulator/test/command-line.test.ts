import { expect, it } from 'vitest'
import { commandLine } from '../src/command-line.ts'

it.each([
  [['app.mjs', '--port=3000'], 'node app.mjs --port=3000'],
  [['C:\\Users\\Ada Lovelace\\app.mjs'], 'node "C:\\Users\\Ada Lovelace\\app.mjs"'],
  [['C:\\My App\\'], 'node "C:\\My App\\\\"'],
  [['-e', 'console.log("a & b")'], 'node -e "console.log(""a & b"")"'],
  [[''], 'node ""'],
])('on Windows, the shell gets each argument as one: %j', (args, line) => {
  expect(commandLine('node', args, 'win32')).toEqual([line, [], { shell: true }])
})

it('elsewhere, no shell is needed', () => {
  expect(commandLine('node', ['a b'], 'linux')).toEqual(['node', ['a b'], { shell: false }])
})
