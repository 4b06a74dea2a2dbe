import * as emulator from '@linkpass/emulator'
import * as fixture from '@linkpass/emulator/vitest'
import { expect, it } from 'vitest'

it('exports these values, and no others', () => {
  expect(Object.keys(emulator).toSorted()).toEqual(['InboxTimeoutError', 'startEmulator'])
  expect(Object.keys(fixture)).toEqual(['test'])
})
