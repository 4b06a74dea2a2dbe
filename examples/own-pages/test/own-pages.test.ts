import { createDescopeClient } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const appUrl = 'http://localhost:3000'
const secret = 'a secret of at least thirty-two bytes'

test('every page that the user sees is the app’s own', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  const client = createDescopeClient({ projectId, baseUrl, clock })
  const browser = supertest.agent(createApp(client, appUrl, secret))
  const page = { Accept: 'text/html', 'Sec-Fetch-Site': 'same-origin' }

  await browser.get('/home').set(page).expect(303).expect('Location', '/hello?returnTo=%2Fhome')
  await browser
    .post('/auth/magic-link')
    .set(page)
    .type('form')
    .send({ loginId: 'ada@example.com', returnTo: '/home' })
    .expect(303)
    .expect('Location', '/sent')

  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.com' })
  const { pathname, search } = new URL(links[0]?.url ?? '')
  const navigation = { ...page, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
  await browser
    .get(pathname + search)
    .set(navigation)
    .expect(303)
    .expect('Location', '/home')
  const home = await browser.get('/home').set(page).expect(200)
  expect(home.text).toContain('Welcome, U')
  await browser
    .get('/auth/verify/made-up?t=made-up')
    .set(page)
    .expect(400, /not a link of ours/)
  await browser.post('/auth/logout').set(page).type('form').expect(303).expect('Location', '/hello')
  await browser.get('/home').set(page).expect(303)
})

test('markup in returnTo is escaped', async () => {
  const client = createDescopeClient({ projectId: `P${'x'.repeat(27)}` })
  const app = createApp(client, appUrl, secret)
  const page = await supertest(app).get('/hello').query({ returnTo: '"><script>alert(1)</script>' })
  expect(page.text).not.toContain('<script>')
  const spaced = await supertest(app).get('/hello').query({ returnTo: '/find?q=a%20b&n=1' })
  expect(spaced.text).toContain('value="/find?q=a%20b&#38;n=1"')
})
