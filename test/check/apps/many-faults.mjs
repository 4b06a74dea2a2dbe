import { descope, start } from './plain-app.mjs'

const verified = new Map()
let firstKey

start({
  // A used link signs in again: the answer of the service is kept.
  verify: async (token) => {
    const result = verified.get(token) ?? (await descope.magicLink.verify(token))
    verified.set(token, result)
    return result
  },
  // No check of where a request comes from.
  isOtherSite: () => false,
  // Only the key that was there first is known.
  isForeign: (token) => {
    if (token === undefined) return false
    const { kid } = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'))
    firstKey ??= kid
    return kid !== firstKey
  },
  // Signing out forgets the cookies, and the session goes on.
  endSession: () => undefined,
})
