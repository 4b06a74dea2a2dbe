import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/languages.ts'

test('pages and messages are in the language of the user, with the texts of the app', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const secret = 'a secret of at least thirty-two bytes'
  const app = createApp(client, 'http://localhost:3000', secret)
  const form = { loginId: 'ada@example.com' }
  const page = { Accept: 'text/html', 'Accept-Language': 'fr', 'Sec-Fetch-Site': 'same-origin' }
  const titleIn = async (language: string): Promise<string | undefined> => {
    const [message] = emulator.inbox.list({ to: form.loginId })
    const { pathname, search } = new URL(message?.links[0]?.url ?? '')
    const Cookie = `language=${language}`
    const { text } = await supertest(app)
      .get(pathname + search)
      .set({ ...page, Cookie })
    return /<h1>(.*)<\/h1>/.exec(text)?.[1]
  }

  await supertest(app).post('/auth/magic-link').set(page).type('form').send(form).expect(303)
  expect(emulator.inbox.list({ to: form.loginId })[0]?.options.locale).toBe('fr')
  expect(await titleIn('en-GB')).toBe('Welcome to Fernhill')
  expect(await titleIn('de-AT')).toBe('Servus bei Fernhill')
  expect(await titleIn('de-CH')).toBe('Willkommen bei Fernhill')
  expect(await titleIn('')).toBe('Se connecter à Fernhill\u00a0?')
})
