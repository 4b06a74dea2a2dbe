import { describe, expect, test } from 'vitest'
import { parseLoginId, countryOf } from '../../src/request/login-id.ts'

describe('an e-mail address', () => {
  test.each([
    ['as typed', 'Ada@Example.test', 'Ada@Example.test'],
    ['in letters of full width', 'ada@ｅｘａｍｐｌｅ.test', 'ada@ｅｘａｍｐｌｅ.test'],
    ['without spaces around it', '  ada@example.test\u00A0', 'ada@example.test'],
    ['without a byte order mark', '\uFEFFada@example.test', 'ada@example.test'],
    ['without a zero-width space', 'ada@example.test\u200B', 'ada@example.test'],
    ['without marks of direction', '\u202Aada@example.test\u202C', 'ada@example.test'],
    ['without a variation selector at its end', 'ada@example.test\uFE0F', 'ada@example.test'],
    ['without ideographic spaces', '\u3000ada@example.test\u3000', 'ada@example.test'],
    ['without a tab, as a table has', 'ada@example.test\t', 'ada@example.test'],
    ['with a plus and an apostrophe', "o'brien+x@example.test", "o'brien+x@example.test"],
    ['in another script', 'ада@пример.test', 'ада@пример.test'],
  ])('is sent %s', async (_, typed, sent) => {
    expect(await parseLoginId(typed, 'email', undefined)).toBe(sent)
  })

  test.each([
    ...['ada@example.test\n', '\r\nada@example.test', 'ada@.example.test', '+447700900123'],
    ...['Ada <ada@example.test>', '<ada@example.test>', '“ada@example.test”', '"ada@example.test"'],
    ...['mailto:ada@example.test', 'ada@example.test,', 'ada@example.test;bob@example.test'],
    ...[
      '"ada b"@example.test',
      'ada%40example.test',
      'ada @example.test',
      'ad\u200Ba@example.test',
    ],
  ])('is not %j', async (typed) => {
    expect(await parseLoginId(typed, 'email', 'GB')).toBeUndefined()
  })
})

describe('a phone number', () => {
  test.each([
    ['+447700900123', undefined],
    ['+44 7700 900123', undefined],
    ['+44 (0)7700 900123', undefined],
    ['0044 7700 900123', undefined],
    ['(0044) 7700-900.123', undefined],
    ['＋４４ ７７００ ９００１２３', undefined],
    ['\u202A+44 7700 900123\u202C', undefined],
    ['+44\u00A07700\u2011900123', undefined],
    ['0044 7700 900123', 'GB'],
    ['447700900123', 'GB'],
    ['07700 900123', 'GB'],
    ['+44 7700 900123', 'US'],
    ['0044 7700 900123', 'US'],
    ['011 44 7700 900123', 'US'],
    ['0011 44 7700 900123', 'AU'],
    ['0044 7700 900123', 'AU'],
    ['010 44 7700 900123', 'JP'],
    ['001 44 7700 900123', 'HK'],
    ['(+44) 7700 900123', undefined],
    ['+۴۴ ۷۷۰۰ ۹۰۰۱۲۳', undefined],
    ['+٤٤٧٧٠٠٩٠٠١٢٣', undefined],
    ['٠٠٤٤٧٧٠٠٩٠٠١٢٣', undefined],
    ['+४४ ७७०० ९००१२३', undefined],
    ['+๔๔ ๗๗๐๐ ๙๐๐๑๒๓', undefined],
    ['+𝟒𝟒𝟕𝟕𝟎𝟎𝟗𝟎𝟎𝟏𝟐𝟑', undefined],
    ['+44 \u202D7700 900123\u202C', undefined],
    ['+44−7700−900123', undefined],
    ['+44 7700 900123\t', undefined],
  ])('in E.164 is sent for %s, with the default country %s', async (typed, country) => {
    expect(await parseLoginId(typed, 'sms', country)).toBe('+447700900123')
  })

  test('of the default country may come as it is dialled there', async () => {
    expect(await parseLoginId('(555) 010-0123', 'sms', 'US')).toBe('+15550100123')
    expect(await parseLoginId('1 555 010 0123', 'whatsapp', 'US')).toBe('+15550100123')
    expect(await parseLoginId('+1 (555) 010-0123', 'sms', undefined)).toBe('+15550100123')
    expect(await parseLoginId('٠٥٠ ١٢٣ ٤٥٦٧', 'sms', 'AE')).toBe('+971501234567')
  })

  test.each([
    ['001 44 7700 900123', 'HK', '+447700900123'],
    ['001 86 138 1234 5678', 'KR', '+8613812345678'],
    ['001 656 423 4567', 'GB', '+16564234567'],
    ['001 656 423 4567', 'DE', '+16564234567'],
    ['001 656 423 4567', undefined, '+16564234567'],
    ['001 415 555 2671', 'HK', '+14155552671'],
    ['0065 6123 4567', 'HK', '+6561234567'],
    ['0044 20 7946 0958', 'JP', '+442079460958'],
    ['0044 20 7946 0958', 'AU', '+442079460958'],
    ['0082 10 1234 5678', 'KR', '+821012345678'],
    ['001 65 6123 4567', 'HK', '+6561234567'],
    ['001 65 6123 4567', 'TH', '+6561234567'],
    ['001 65 6123 4567', 'KR', '+6561234567'],
    ['(001) 65-6123-4567', 'HK', '+6561234567'],
    ['٠٠١ ٦٥ ٦١٢٣ ٤٥٦٧', 'HK', '+6561234567'],
    // Valid as +1 658 and as +65 8; as +49 and, by 004, as +91.
    ['001 65 8234 5678', 'HK', undefined],
    ['0049 1512 3456789', 'SG', undefined],
    ['+65 6123 4567', 'HK', '+6561234567'],
    ['+49 1512 3456789', 'SG', '+4915123456789'],
  ])('no stranger: %s, with the default country %s, is %s', async (typed, country, number) => {
    expect(await parseLoginId(typed, 'sms', country)).toBe(number)
  })

  test.each([
    ['has no country code', '447700900123', undefined],
    ['has no country code, and another country', '07700900123', undefined],
    ['is too short for its country', '+44 7700', 'GB'],
    ['is too long for its country', '+44 7700 900123456', 'GB'],
    ['has a country code that no country has', '+999 7700 900123', undefined],
    ['has an extension', '+44 7700 900123 ext. 5', undefined],
    ['has an extension after a semicolon', '+447700900123;ext=5', undefined],
    ['is a premium number in letters', '+1 800 FLOWERS', undefined],
    ['is two numbers', '+447700900123,+447700900124', undefined],
    ['is two numbers without a comma', '+447700900123 +447700900124', undefined],
    ['holds a line break', '+44 7700\n900123', undefined],
    ['is a URI', 'tel:+447700900123', undefined],
    ['ends in a comma', '+447700900123,', undefined],
    ['is in brackets', '<+447700900123>', undefined],
    ['has two signs', '++447700900123', undefined],
    ['has a name in front', 'Ada: +447700900123', undefined],
    ['is an address', 'ada@example.test', 'GB'],
    ['is empty', '', 'GB'],
    ['is longer than 320 bytes', `+44${'\u00A0'.repeat(155)}7700900123`, 'GB'],
    ['is not a string', 447_700_900_123, 'GB'],
  ])('is refused that %s', async (_, typed, country) => {
    expect(await parseLoginId(typed, 'sms', country)).toBeUndefined()
  })

  test('has a default country by its ISO code, and UK is GB', () => {
    expect(countryOf('GB')).toBe('GB')
    expect(countryOf('UK')).toBe('GB')
    expect(countryOf(undefined)).toBeUndefined()
    for (const wrong of ['XX', 'gb', '44', '+44', 'GBR', '', null, 44]) {
      expect(() => countryOf(wrong), String(wrong)).toThrow('defaultCountry must be')
    }
  })
})
