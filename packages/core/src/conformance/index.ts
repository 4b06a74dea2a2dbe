export { stateStoreConformance } from './state-store.ts'
export type { Conformance, StateStoreHarness } from './state-store.ts'
export type { StateStore } from '../state-store.ts'
