import type { LinkRequest } from '@linkpass/express'
import { expect, test } from 'vitest'
import { createHistory } from '../src/history.ts'

test.each<[LinkRequest['purpose'], LinkRequest['channel'], string]>([
  ['sign-in', 'magic', 'a sign-in. It signs in where it is opened.'],
  ['sign-in', 'enchanted', 'a sign-in. It signs in the browser that requested it, wherever'],
  ['step-up', 'magic', 'a step-up. It counts for the browser that requested it.'],
  ['change-email', 'magic', 'a change of email address. It makes the change, wherever'],
])('the history says what a link for %s (%s) does', (purpose, channel, text) => {
  const history = createHistory(() => 0)
  history.linkRequested({ purpose, channel, method: 'email', address: '', fields: {} })
  expect(history.entries[0]?.text).toContain(text)
  history.close()
})
