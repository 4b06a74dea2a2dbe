export type { StateStore } from '../state-store.ts'
