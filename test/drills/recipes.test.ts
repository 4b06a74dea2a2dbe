import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromiumPath, describeInChromium } from '@linkpass/testing/chromium'
import { expect, test } from 'vitest'

// The recipe for Jest runs from the tarballs: tools/scripts/check-packages.mjs.

const run = promisify(execFile)
const source = '--conditions=@linkpass/source'

test('the recipe for node:test passes', async () => {
  const file = 'test/recipes/node-test/sign-in.mjs'
  const { stdout } = await run(process.execPath, [source, '--import', 'tsx', '--test', file])
  expect(stdout).toMatch(/# pass 1\n# fail 0/)
})

describeInChromium('the recipe for Playwright, in Chromium', () => {
  test('passes', async () => {
    const output = await mkdtemp(join(tmpdir(), 'linkpass-playwright-'))
    try {
      const cli = 'packages/emulator/node_modules/@playwright/test/cli.js'
      const { stdout } = await run(
        process.execPath,
        [cli, 'test', '-c', 'test/recipes/playwright'],
        {
          env: {
            ...process.env,
            NODE_OPTIONS: source,
            PLAYWRIGHT_OUTPUT: output,
            CHROMIUM_PATH: chromiumPath,
          },
        },
      )
      expect(stdout).toContain('3 passed')
    } finally {
      await rm(output, { recursive: true, force: true })
    }
  })
})
