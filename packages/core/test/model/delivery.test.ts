import { expect, test } from 'vitest'
import { isDeliveryMethod } from '../../src/model/grammar.ts'

test.each(['email', 'sms', 'whatsapp'])('%s is a delivery method', (method) => {
  expect(isDeliveryMethod(method)).toBe(true)
})

test.each(['Email', 'voice', '', '__proto__', 'toString', 1, null, undefined, ['email']])(
  '%j is no delivery method',
  (value) => {
    expect(isDeliveryMethod(value)).toBe(false)
  },
)
