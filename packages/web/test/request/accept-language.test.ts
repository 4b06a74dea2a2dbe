import { expect, test } from 'vitest'
import { acceptedLanguage, matchingLanguage } from '../../src/request/locale.ts'

const offered = ['en', 'de', 'fr', 'es', 'pt-BR']

test.each<[string | undefined, string | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['de', 'de'],
  ['DE', 'de'],
  ['de-AT', 'de'],
  ['de-Latn-CH-1996', 'de'],
  ['en-US,en;q=0.9,de;q=0.8', 'en'],
  ['fr;q=0.5, de;q=0.9', 'de'],
  ['fr;q=0.5,\tde ; Q=0.501', 'de'],
  // Of equal quality, the first.
  ['fr, de', 'fr'],
  ['fr;q=0.5, de;q=0.5', 'fr'],
  // Not offered.
  ['it', undefined],
  ['it, ja;q=0.9, es;q=0.1', 'es'],
  ['deu', undefined],
  // A prefix both ways.
  ['pt', 'pt-BR'],
  ['pt-PT', undefined],
  ['pt-br', 'pt-BR'],
  // Any language.
  ['*', 'en'],
  ['it, *;q=0.1', 'en'],
  ['*;q=0.5, fr', 'fr'],
  ['fr;q=0.2, *;q=0.9', 'en'],
  // Not acceptable.
  ['de;q=0', undefined],
  ['de;q=0, *', 'en'],
  ['en;q=0, *', 'de'],
  ['en;q=0.0, de;q=0.000, *;q=0.1', 'fr'],
  ['*;q=0', undefined],
  ['de-AT, de;q=0', undefined],
  ['de-AT;q=0, de', 'de'],
  // Not well-formed: ignored.
  ['de;q=2', undefined],
  ['de;q=-1', undefined],
  ['de;q=0.1234', undefined],
  ['de;q=', undefined],
  ['de;q=1;q=1', undefined],
  ['de;level=1', undefined],
  ['de_DE', undefined],
  ['d', undefined],
  ['-de', undefined],
  ['de-', undefined],
  ['<script>, de', 'de'],
  ['__proto__, constructor', undefined],
  [',,, ,de', 'de'],
  [`${'x'.repeat(50)}, de`, 'de'],
])('%j leads to %j', (header, language) => {
  expect(acceptedLanguage(header, offered)).toBe(language)
})

test('DoS: of a long header only the beginning counts', () => {
  expect(acceptedLanguage(`${'it,'.repeat(100_000)}de`, offered)).toBeUndefined()
  expect(acceptedLanguage(`${'-'.repeat(100_000)},de`, offered)).toBeUndefined()
  expect(acceptedLanguage(`${'a-'.repeat(499)},de`, offered)).toBeUndefined()
})

test.each([
  ['de-AT', 'de'],
  ['pt', 'pt-BR'],
  ['it', undefined],
  ['', undefined],
])('the language for the tag %j is %j', (tag, language) => {
  expect(matchingLanguage(tag, offered)).toBe(language)
})
