import { describe, expect, it } from 'vitest'
import { canonicalLoginId, isEmailAddress, isUserName } from '../../src/model/grammar.ts'

describe('an e-mail address', () => {
  it.each([
    'ada@example.test',
    "o'hara+tag@mail.example.test",
    'ada@localhost',
    'ada=?b?@example.test',
    'ада@пример.test',
    'ada@xn--e1afmkfd.test',
    'ada@ＥＸＡＭＰＬＥ.test',
    'ada@example。test',
    'ada@a-b.example_c.test',
    `${'a'.repeat(64)}@example.test`,
  ])('can be %s', (address) => {
    expect(isEmailAddress(address)).toBe(true)
  })

  it.each([
    ['no label before the first dot', 'ada@.example.test'],
    ['an empty label', 'bob@example..test'],
    ['an empty label, in ideographic dots', 'bob@example。。test'],
    ['a dot at the end', 'ada@example.test.'],
    ['an ideographic dot at the end', 'ada@example.test。'],
    ['a label that begins with a hyphen', 'ada@-example.test'],
    ['a label that ends in a hyphen', 'ada@example-.test'],
    ['invalid punycode', 'ada@xn--a.test'],
    ['a label of 64 characters', `ada@${'a'.repeat(64)}.test`],
    ['a quoted local part', '"ada"@example.test'],
    ['a quoted local part, in full-width quotes', '＂ada＂@example.test'],
    ['a comment', 'ada(work)@example.test'],
    ['a second address after a full-width comma', 'ada@example.test，bob@example.test'],
    ['an address literal', 'ada@[192.0.2.1]'],
    ['an IP address for a host', 'ada@127.0.0.1'],
    ['an IP address in another notation', 'ada@0x7f.1'],
    ['an IP address as one number', 'ada@2130706433'],
    ['a percent escape', 'ada@%65xample.test'],
    ['a path', 'ada@example.test/x'],
    ['a query', 'ada@example.test?bcc=bob'],
    ['a host that begins in brackets of full width', 'ada@［::1］'],
    [
      'an encoded word that mailers decode to another address',
      '=?x?q?eve=40evil.test=3e=00?=@ok.test',
    ],
    ['an encoded word of full width', '＝？x？B？ZXZl？=@ok.test'],
    ['65 characters before the @', `${'a'.repeat(65)}@example.test`],
  ])('has not %s', (_, address) => {
    expect(isEmailAddress(address)).toBe(false)
  })

  it.each(['＠', '﹫'])('has no "@" that appears only after normalisation: %s', (at) => {
    expect(isEmailAddress(`ada${at}evil.test@victim.test`)).toBe(false)
    expect(isEmailAddress(`ada@evil.test${at}victim.test`)).toBe(false)
    expect(isEmailAddress(`ada${at}example.test`)).toBe(false)
  })
})

describe('one spelling of a login ID', () => {
  it.each([
    ['case', 'Ada@Example.TEST'],
    ['full-width letters', 'ａｄａ@ｅｘａｍｐｌｅ．test'],
    ['a dot at the end', 'ada@example.test.'],
    ['dots at the end', 'ada@example.test.。'],
    ['ideographic dots', 'ada@example。test'],
    ['a variation selector in the host', 'ada@exam\uFE0Fple.test'],
    ['a variation selector in front', 'a\uFE0Fda@example.test'],
    ['a variation selector of the supplement', 'ada@example\u{E0100}.test'],
    ['a zero-width space', 'ada@exam\u200Bple.test'],
    ['a zero-width joiner', 'ad\u200Da@exam\u200Dple.test'],
    ['a soft hyphen', 'ada@exam\u00ADple.test'],
    ['a byte order mark', '\uFEFFada@example.test'],
  ])('ignores %s', (_, spelling) => {
    expect(canonicalLoginId(spelling)).toBe('ada@example.test')
  })

  it.each([
    ['a host and its punycode', 'ada@пример.test', 'ada@xn--e1afmkfd.test'],
    ['a host in capitals', 'ada@ПРИМЕР.test', 'ada@пример.test'],
    ['a host with a final sigma in capitals', 'ada@ΑΣ.test', 'ada@ασ.test'],
    ['composed and decomposed letters', 'jos\u00E9@example.test', 'jose\u0301@example.test'],
    ['a local part in capitals', 'ΑΔΑΣ@example.test', 'αδας@example.test'],
    ['a sharp s in capitals', 'GRO\u1E9E@example.test', 'gro\u00DF@example.test'],
    ['a letter whose capital has two accents', '\u0390@example.test', '\u03AA\u0301@example.test'],
    ['a number with and without "+"', '+447700900123', '447700900123'],
    ['a number in full-width digits', '＋４４7700900123', '+447700900123'],
  ])('is the same for %s', (_, one, other) => {
    expect(canonicalLoginId(one)).toBe(canonicalLoginId(other))
  })

  it.each([
    ['ada+b@example.test', 'adab@example.test'],
    ['ada@example.test', 'ada@example.tests'],
    ['ada@a.example.test', 'ada@example.test'],
    ['+447700900123', '+447700900124'],
  ])('differs for %s and %s', (one, other) => {
    expect(canonicalLoginId(one)).not.toBe(canonicalLoginId(other))
  })
})

describe('the name of a user', () => {
  it.each([
    ['in Persian', 'علی\u200Cرضا'],
    ['in Sinhala', 'ශ්\u200Dරී ලංකා'],
    ['in Malayalam', 'രാജന്\u200D'],
    ['in Khmer', 'សុខ\u200Bសាន្ត'],
    ['in Hebrew, with a mark of direction', 'עדה\u200F (Ada)'],
    ['in Mongolian', 'ᠭ\u180Eᠠ'],
    ['in Japanese', '名前　太郎'],
    ['in Vietnamese', 'Nguyễn Thị Ngọc'],
    ['with an emoji of several parts', 'Ada 👩\u200D💻'],
    ['with a variation selector', '葛\u{E0100}城'],
    ['with an apostrophe and a title', "Dr. Ada O'Hara, s/o George: King"],
    ['with initials', 'J.R.R. Tolkien'],
    ['with a title and no space', 'Dr.Ada Lovelace'],
    ['with a number and degrees', 'Ada Lovelace 2. M.A./Ph.D.'],
  ])('can be %s', (_, name) => {
    expect(isUserName(name)).toBe(true)
  })

  it.each([
    ['a NUL', 'Ada\u0000'],
    ['a line break', 'Ada\nBcc: bob@example.test'],
    ['a control character of C1', 'Ada\u0085'],
    ['a line separator', 'Ada\u2028Lovelace'],
    ['a paragraph separator', 'Ada\u2029Lovelace'],
    ['an override of direction', 'Ada\u202Egnp.exe'],
    ['an isolate', 'Ada\u2066Lovelace'],
    ['half a character', 'Ada\uD83D'],
    ['a private character', 'Ada\uE000'],
    ['a URL', 'see https://evil.test/x'],
    ['a URL with backslashes', 'https:\\\\evil.test'],
    ['a URL with full-width letters', 'https：／／evil.test'],
    ['a URL with a joiner in it', 'https:/\u200D/evil.test'],
    ['a URL without a scheme', 'see www.evil.test now'],
    ['a host with a path', 'evil.test/x'],
    ['a host with a digit before its last dot', 'evil1.test/x'],
    ['a host with a port and a path', 'evil.test:8080/x'],
    ['a host in punycode with a path', 'evil.xn--p1ai/x'],
    ['a host with an ideographic dot and a path', 'evil。test/x'],
    ['a URL without a scheme, with ideographic dots', 'www。evil。test'],
    ['an IP address', '192.0.2.1'],
    ['a scheme without slashes', 'http:evil.test'],
    ['201 characters', 'a'.repeat(201)],
  ])('has not %s', (_, name) => {
    expect(isUserName(name)).toBe(false)
  })
})
