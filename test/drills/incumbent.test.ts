import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the README shows what npm run incumbent prints', async () => {
  const { scripts }: { scripts: { incumbent: string } } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  )
  const [, ...args] = scripts.incumbent.split(' ')
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`text\n${stdout.trim()}\n\`\`\``)
})
