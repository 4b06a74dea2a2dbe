import { describe, expect, test } from 'vitest'
import { address, pageHtml } from '../../src/pages/layout.ts'
import {
  type MessageOverrides,
  languagesOf,
  placeholdersOf,
} from '../../src/pages/messages/catalogue.ts'
import { type Catalogue, type MessageKey, en } from '../../src/pages/messages/en.ts'
import { type Texts, createTexts } from '../../src/pages/messages/texts.ts'
import { gallery, languages, site } from './gallery.ts'

const keys = Object.keys(en) as MessageKey[]

describe.each(languages.tags)('the texts in %s', (tag) => {
  test('are those of English, with the same values', async () => {
    const catalogue = await languages.load(tag)
    expect(Object.keys(catalogue)).toEqual(keys)
    for (const key of keys) {
      expect(placeholdersOf(catalogue[key]).toSorted(), key).toEqual(
        placeholdersOf(en[key]).toSorted(),
      )
      expect(catalogue[key].trim(), key).toBe(catalogue[key])
      expect(catalogue[key], key).not.toMatch(/^$|\.\.\.|'|"|  /)
    }
  })
})

test('French has no line break before its punctuation or inside its quotation marks', async () => {
  for (const [key, text] of Object.entries(await languages.load('fr'))) {
    expect(text, key).not.toMatch(/[^\u00A0][?!:;»]|«[^\u00A0]/u)
  }
})

test('no line ends with the E of E-Mail, or before the pronoun of a French verb', async () => {
  // By the name of a field or a button, programs find it, so these have the hyphen of the keyboard.
  const names = ['signIn.email', 'signIn.either', 'signIn.byEmail']
  for (const tag of languages.tags) {
    const texts = Object.entries(await languages.load(tag))
    for (const [key, text] of texts.filter(([key]) => !names.includes(key))) {
      expect(text, key).not.toMatch(/(?<!\p{L})\p{L}-\p{L}|-(?:en|il|la|le|les|y)(?!\p{L})/u)
    }
  }
})

test('every text is on a page, and no page has another one', () => {
  const used = new Set<string>()
  // No letters but those of values.
  const blank = Object.fromEntries(
    keys.map((key) => [
      key,
      placeholdersOf(en[key])
        .map((name) => `{${name}}`)
        .join(' ') || '–',
    ]),
  ) as Catalogue
  const { text, ...texts } = createTexts('en', blank)
  const blankTexts: Texts = {
    ...texts,
    text: (key, ...values) => {
      used.add(key)
      return text(key, ...values)
    },
    duration: () => '1',
    fromNow: () => '1',
    ago: () => '1',
  }
  const data =
    /Fernhill Library|[\w.*]+@[\w.]+|Firefox|Linux|Gmail|GMX|\{time\}|charset=|width=device-width/g
  for (const [name, page] of gallery) {
    const html = pageHtml(page, blankTexts, site)
    const visible = [
      html.replaceAll(/<[^>]*>/g, ' '),
      ...[...html.matchAll(/\s(?:alt|title|placeholder|aria-label|data-[\w-]+)="([^"]*)"/g)]
        .map(([, value = '']) => value)
        .filter((value) => !value.startsWith('/')),
    ].join(' ')
    expect(visible.replaceAll(data, ''), name).not.toMatch(/\p{L}{2}/u)
  }
  expect(keys.filter((key) => !used.has(key))).toEqual([])
})

test('a duration is in the words of the language', () => {
  const english = createTexts('en', en)
  const cases = [1, 30, 60, 89, 131, 600, 3600, 5400, 7200, 86_400, 3 * 86_400].map(
    english.duration,
  )
  expect(cases).toEqual([
    ...['1 second', '30 seconds', '1 minute', '89 seconds', '2 minutes'],
    ...['10 minutes', '1 hour', '90 minutes', '2 hours', '1 day', '3 days'],
  ])
  expect([20, 91, 240].map(english.fromNow)).toEqual([
    'in 20 seconds',
    'in 2 minutes',
    'in 4 minutes',
  ])
  expect(english.ago(130)).toBe('2 minutes ago')
})

test('the compiler asks for the values of a text, and for no others', () => {
  const { text } = createTexts('en', en)
  expect(text('confirm.signInTitle', { app: 'Acme' }).toString()).toBe('Sign in to Acme?')
  // @ts-expect-error: without its value
  expect(text('confirm.signInTitle').toString()).toBe('Sign in to ?')
  // @ts-expect-error: it has no value
  expect(text('signIn.title', { app: 'Acme' }).toString()).toBe('Sign in')
})

test('a page in a language that is written from right to left says so', () => {
  const page = gallery.get('sign-in')
  if (page === undefined) throw new Error('There is no sign-in page.')
  expect(pageHtml(page, createTexts('fa', en), site)).toContain('<html lang="fa" dir="rtl">')
  expect(pageHtml(page, createTexts('fr-CA', en), site)).toContain('<html lang="fr-CA" dir="ltr">')
})

test('P35: a name that changes the direction of text does so for itself alone', () => {
  const { text } = createTexts('en', en)
  const sentence = String(text('signedIn.here', { user: address('\u202Eada') }))
  expect(sentence).toContain(' dir="auto">\u202Eada</strong>')
})

describe('texts of the app', () => {
  test('replace those of a language, and leave the others', async () => {
    const own = languagesOf({ de: { 'signIn.title': 'Willkommen' } })
    const base = await languages.load('de')
    expect(await own.load('de')).toEqual({ ...base, 'signIn.title': 'Willkommen' })
    expect(await own.load('en')).toEqual(en)
    expect(own.tags).toEqual(languages.tags)
  })

  test('may be another language, if it is whole', async () => {
    const italian = Object.fromEntries(keys.map((key) => [key, `it ${en[key]}`]))
    const own = languagesOf({ it: italian })
    expect(own.tags).toEqual([...languages.tags, 'it'])
    expect((await own.load('it'))['signIn.title']).toBe('it Sign in')
  })

  test('may be those of a region, in part', async () => {
    const own = languagesOf({ 'de-at': { 'signIn.title': 'Servus' } })
    expect(own.tags).toContain('de-AT')
    expect(await own.load('de-AT')).toEqual({
      ...(await languages.load('de')),
      'signIn.title': 'Servus',
    })
  })

  test.each<[unknown, RegExp]>([
    [{ de: { 'signIn.titel': 'x' } }, /messages\.de has no text "signIn\.titel".*signIn\.title/],
    [{ de: { toString: 'x' } }, /messages\.de has no text "toString"/],
    [{ de: { ['__proto__x']: 'x' } }, /messages\.de has no text "__proto__x"/],
    [{ german: { 'signIn.title': 'x' } }, /"german" is no language/],
    [{ 'x"y': {} }, /"x"y" is no language/],
    [{ '': {} }, /"" is no language/],
    [
      { it: { 'signIn.title': 'Accedi' } },
      /messages\.it needs every text.*missing: action\.signIn/,
    ],
    [{ de: { 'signIn.title': '' } }, /messages\.de\["signIn\.title"\] must be a text/],
    [{ de: { 'signIn.title': 7 } }, /messages\.de\["signIn\.title"\] must be a text/],
    [{ de: { 'confirm.signInTitle': 'Hallo {name}' } }, /has no value \{name\}; it has \{app\}/],
    [{ de: { 'signIn.title': '{app}' } }, /has no value \{app\}; it has none/],
    [{ de: {}, DE: {} }, /messages has "de" twice, as "DE" too/],
    [{ 'de-at': {}, 'de-AT': {} }, /messages has "de-AT" twice/],
    [{ de: 'x' }, /messages\.de must be an object/],
    [{ de: null }, /messages\.de must be an object/],
    ['de', /messages must be an object/],
    [null, /messages must be an object/],
  ])('%j is refused by name', (messages, message) => {
    expect(() => languagesOf(messages as MessageOverrides)).toThrow(message)
  })

  test('XSS: are text, and not markup', () => {
    const hostile = '<img src=x onerror=alert(1)>'
    const { text } = createTexts('en', { ...en, 'signIn.title': hostile })
    expect(text('signIn.title').toString()).toBe('&lt;img src=x onerror=alert(1)&gt;')
    expect(text('confirm.signInTitle', { app: hostile }).toString()).toContain('&lt;img')
  })
})
