import { expect, test } from 'vitest'
import { bearerToken } from '@linkpass/web'

test.each([
  ['no header', undefined, undefined],
  ['nothing', '', undefined],
  ['another scheme', 'Basic x', undefined],
  ['a scheme that begins alike', 'Bearers x', undefined],
  ['a scheme behind a space', ' Bearer x', undefined],
  ['a token', 'Bearer a.b.c', 'a.b.c'],
  ['another case', 'bEARER a.b.c', 'a.b.c'],
  ['several spaces', 'Bearer   a.b.c', 'a.b.c'],
  ['the scheme alone', 'Bearer', ''],
  ['the scheme and a space', 'Bearer ', ''],
  ['a tab for a space', 'Bearer\ta.b.c', undefined],
  ['a no-break space before the token', 'Bearer \u00a0a.b.c', '\u00a0a.b.c'],
  ['a no-break space behind it', 'Bearer a.b.c\u00a0', 'a.b.c\u00a0'],
  ['two tokens', 'Bearer a.b.c, a.b.c', 'a.b.c, a.b.c'],
])('the Bearer token of %s', (_, header, token) => {
  expect(bearerToken(header)).toBe(token)
})
