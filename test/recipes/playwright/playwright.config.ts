import { defineConfig } from '@playwright/test'

const chromium = process.env['CHROMIUM_PATH']

export default defineConfig({
  testDir: '.',
  outputDir: process.env['PLAYWRIGHT_OUTPUT'] ?? 'test-results',
  reporter: 'line',
  use: {
    launchOptions: {
      // Without a path, the browser that `npx playwright install chromium` downloads.
      ...(chromium !== undefined && { executablePath: chromium }),
      args: ['--no-sandbox'],
    },
  },
})
