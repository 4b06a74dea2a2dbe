import { once } from 'node:events'
import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { closedPort } from '@linkpass/testing'
import { describeInChromium, eventually, expectHeading, newPage } from '@linkpass/testing/chromium'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const ada = 'ada@example.test'

describeInChromium('the example websocket, in Chromium', () => {
  test('a sign-out in another tab closes the socket of a page', async () => {
    await using emulator = await startEmulator()
    const { projectId, url: baseUrl } = emulator
    await using client = createDescopeClient({ projectId, baseUrl })
    const port = await closedPort()
    const origin = `http://localhost:${port}`
    const server = createApp(client, origin, 'a secret of at least thirty-two bytes').listen(port)
    await once(server, 'listening')

    const page = await newPage()
    await page.goto(`${origin}/`)
    await page.getByLabel('Email address').fill(ada)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Check your inbox')
    await page.goto((await emulator.inbox.waitFor({ to: ada })).links[0]?.url ?? '')
    await expectHeading(page, 'WebSocket')
    const seen = (): Promise<string> => page.locator('ul').innerText()
    await eventually(seen).toMatch(/hello, U/)
    expect(await seen()).not.toContain('closed')

    const other = await page.context().newPage()
    await other.goto(`${origin}/`)
    await other.getByRole('button', { name: 'Sign out' }).click()
    await expectHeading(other, 'You are signed out')
    await eventually(seen).toContain('closed: 4401')
    server.closeAllConnections()
    server.close()
  })
})
