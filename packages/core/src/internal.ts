/**
 * What core shares with the other packages of this project. Not part of the public API: it may change
 * in any release, so `@linkpass/web` depends on exactly the same version of core.
 */
export { nextPoll } from './calls/next-poll.ts'
export { pause } from './clock.ts'
export { onAbort } from './on-abort.ts'
export { isLoopback } from './config/project.ts'
export { checkOption, isWhole, onlyKnown } from './config/option-checks.ts'
export { shareErrors } from './errors.ts'
export { randomInteger, randomToken } from './crypto/random.ts'
export { createSealer, hashRandom, type Sealer } from './crypto/sealer.ts'
export {
  canonicalLoginId,
  isCookieName,
  isDeliveryMethod,
  isEmailAddress,
  isOneTimeToken,
  isPhoneNumber,
  isUserName,
} from './model/grammar.ts'
export { formatOption } from './options.ts'
export { grantsIn } from './model/grants.ts'
export { createRevocations } from './session/revocation/revocation.ts'
export { isTokenRefusal } from './session/decide.ts'
export { keepLock, Unsaved } from './store/background.ts'
export { guardStore } from './store/deadline.ts'
export { isMemoryStore } from './store/memory-store.ts'
