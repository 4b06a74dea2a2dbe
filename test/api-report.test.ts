import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('docs/api has what the packages export', async () => {
  const check = promisify(execFile)(process.execPath, ['tools/scripts/api-report.mjs', '--check'])
  expect(await check.catch(({ stderr }: { stderr: string }) => ({ stderr }))).toMatchObject({
    stderr: '',
  })
})
