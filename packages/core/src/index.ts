export { unwrap } from './result.ts'
export type { CallError, Result } from './result.ts'
export {
  KeySetError,
  LinkpassError,
  RequestError,
  ServiceError,
  StoreError,
  TokenError,
} from './errors.ts'
export type { AnyLinkpassError, ErrorCode } from './errors.ts'
export { systemClock } from './clock.ts'
export type { Clock } from './clock.ts'
export { memoryStore } from './memory-store.ts'
export type { MemoryStoreOptions } from './memory-store.ts'
export type { StateStore } from './state-store.ts'
export { isLoopback, resolveOptions } from './options.ts'
