import { expect, test } from 'vitest'
import type { RouteContext } from '../../src/context.ts'
import { donePage } from '../../src/pages/done-page.ts'
import { languagesOf } from '../../src/pages/messages/catalogue.ts'
import { type Catalogue, en } from '../../src/pages/messages/en.ts'
import { pageResponse, rendered } from '../../src/response/page-response.ts'
import { languages, site } from '../pages/gallery.ts'

test('a language that does not load costs no page, and is loaded for a later one', async () => {
  let isBroken = true
  const de = (): Promise<Catalogue> =>
    isBroken ? Promise.reject(new Error('EMFILE')) : languages.load('de')
  const context = {
    settings: { ...site, languages: languagesOf({}, { en: () => Promise.resolve(en), de }) },
    header: (name: string) => (name === 'accept-language' ? 'de' : undefined),
  } as unknown as RouteContext
  const page = donePage('signed-out')
  const response = pageResponse(page)
  const first = await rendered(context, response)
  expect(first.headers['Content-Language']).toBe('en')
  expect(first.body).toContain('<html lang="en"')
  isBroken = false
  const second = await rendered(context, response)
  expect(second.headers['Content-Language']).toBe('de')
})
